//! Which operations stand at a path: one table for all workers, asked once a request.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest};

use super::Endpoint;

/// Below this stand all operations.
pub(crate) const BASE: &str = "/api/v1";
/// Stands in a path's pattern where the path has an id.
const ID: &str = "{id}";
/// More parts than any pattern has.
const PARTS_MAX: usize = 8;

/// The paths of all operations below the base, by their patterns. A pattern has one id at most.
#[derive(Debug, Default)]
pub struct Routes(HashMap<&'static str, Arc<Resource>>);

/// A path's operations, one a method.
#[derive(Debug)]
struct Resource {
    pattern: String,
    operations: Vec<Arc<Endpoint>>,
}

/// What a request's path names.
#[derive(Debug)]
pub(super) struct Route {
    resource: Arc<Resource>,
    /// The text that stands where the pattern has an id.
    pub(super) id: Option<String>,
}

impl Routes {
    /// The table of these operations.
    #[must_use]
    pub fn of(endpoints: Vec<Endpoint>) -> Self {
        let mut by_path: HashMap<&'static str, Vec<Arc<Endpoint>>> = HashMap::new();
        for endpoint in endpoints {
            let there = by_path.entry(endpoint.path).or_default();
            there.push(Arc::new(endpoint));
        }
        let resource = |path: &str, operations| Resource {
            pattern: format!("{BASE}{path}"),
            operations,
        };
        let routes = by_path.into_iter();
        let routes = routes.map(|(path, there)| (path, Arc::new(resource(path, there))));
        Self(routes.collect())
    }

    /// What a path below the base names: a fixed path goes before one with an id in it.
    fn find(&self, path: &str) -> Option<Route> {
        if let Some(fixed) = self.0.get(path) {
            return Some(Route::to(fixed, None));
        }
        let parts: Vec<&str> = path.split('/').take(PARTS_MAX + 1).collect();
        if parts.len() > PARTS_MAX {
            return None;
        }
        let with_id = |(place, id): (usize, &&str)| {
            let mut pattern = parts.clone();
            *pattern.get_mut(place)? = ID;
            let resource = self.0.get(pattern.join("/").as_str())?;
            Some(Route::to(resource, Some(id)))
        };
        let mut named = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| !part.is_empty());
        named.find_map(with_id)
    }
}

impl Route {
    fn to(resource: &Arc<Resource>, id: Option<&str>) -> Self {
        Self {
            resource: Arc::clone(resource),
            id: id.map(str::to_owned),
        }
    }

    /// The operation by this method.
    pub(super) fn operation(&self, method: &str) -> Option<Arc<Endpoint>> {
        let mut there = self.resource.operations.iter();
        there.find(|it| it.method.name() == method).cloned()
    }

    /// The methods that there are, as `Allow` lists them.
    pub(super) fn methods(&self) -> String {
        let there = self.resource.operations.iter();
        let mut methods: Vec<&str> = there.map(|it| it.method.name()).collect();
        methods.sort_unstable();
        methods.join(", ")
    }
}

/// What a request's path names; looked up when first asked.
pub(super) fn route_of(request: &HttpRequest) -> Option<Arc<Route>> {
    if let Some(known) = request.extensions().get::<Option<Arc<Route>>>() {
        return known.clone();
    }
    let path = request.match_info().as_str().strip_prefix(BASE);
    let routes = request.app_data::<Data<Routes>>();
    let route = path
        .zip(routes)
        .and_then(|(path, routes)| routes.find(path));
    let route = route.map(Arc::new);
    request.extensions_mut().insert(route.clone());
    route
}

/// The pattern of a request's path: whatever the path, there are few of them, and they hold no ids.
pub(crate) fn pattern_of(request: &HttpRequest) -> Option<String> {
    match route_of(request) {
        Some(route) => Some(route.resource.pattern.clone()),
        None => request.match_pattern(),
    }
}
