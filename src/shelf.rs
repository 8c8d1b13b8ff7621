//! What slices keep in memory between transactions: one thing of each type, made when it is first asked for.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A place for each slice's own things. What lies here may be lost at any time and differ between instances: it only saves work.
#[derive(Default)]
pub struct Shelf(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shelf")
    }
}

impl Shelf {
    /// The thing of this type.
    #[must_use]
    pub fn of<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let mut things = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = things.get(&TypeId::of::<T>()).cloned();
        if let Some(Ok(kept)) = kept.map(Arc::downcast) {
            return kept;
        }
        let made = Arc::new(T::default());
        things.insert(TypeId::of::<T>(), made.clone());
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_thing_of_each_type() {
        let shelf = Shelf::default();
        let numbers: Arc<Mutex<Vec<u8>>> = shelf.of();
        numbers.lock().unwrap().push(1);
        assert_eq!(*shelf.of::<Mutex<Vec<u8>>>().lock().unwrap(), [1]);
        assert!(shelf.of::<Mutex<Vec<u16>>>().lock().unwrap().is_empty());
    }
}
