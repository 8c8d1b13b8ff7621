//! How a condition is published: an object of one member, or a word. Conditions lie inside conditions, and a generated client can hold that only
//! where the recursion goes through an object that has a name of its own.

use std::borrow::Cow;

use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, RefBuilder, Schema};
use utoipa::openapi::{ObjectBuilder, OneOfBuilder, Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::model::Condition;
use crate::applications::{ApplicationType, Urgency};
use crate::code::schema_of_codes;
use crate::housing::{Category, Feature};
use crate::situations::{SituationKind, SituationReason};

const CONDITION: &str = "Condition";
/// A condition that asks for something.
const ASKING: &str = "AskingCondition";
/// A condition that is a word.
const WORD: &str = "PlainCondition";
const WORDS: [&str; 4] = [
    "hasChildren",
    "displacedByDemolition",
    "needsAccessibility",
    "needsServices",
];

impl PartialSchema for Condition {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .description(Some(
                "What can be asked about a household when it is put into a priority group: an object with exactly one member, or a word.",
            ))
            .item(Ref::from_schema_name(ASKING))
            .item(Ref::from_schema_name(WORD))
            .into()
    }
}

impl ToSchema for Condition {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(CONDITION)
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.extend([
            (ASKING.to_owned(), asking()),
            (WORD.to_owned(), schema_of_codes(WORDS.into_iter())),
            code::<ApplicationType>(),
            code::<Category>(),
            code::<Feature>(),
            code::<SituationKind>(),
            code::<SituationReason>(),
            code::<Urgency>(),
        ]);
    }
}

fn code<T: ToSchema>() -> (String, RefOr<Schema>) {
    (T::name().into_owned(), T::schema())
}

fn asking() -> RefOr<Schema> {
    let one_of = |name: &str, description: &str| -> RefOr<Schema> {
        let described = RefBuilder::new()
            .ref_location_from_schema_name(name)
            .description(Some(description));
        described.build().into()
    };
    let several = |description: &str| -> RefOr<Schema> {
        let conditions = ArrayBuilder::new().items(Ref::from_schema_name(CONDITION));
        conditions.description(Some(description)).into()
    };
    ObjectBuilder::new()
        .description(Some(
            "A condition that asks for something: exactly one of these.",
        ))
        .property("allOf", several("All of these hold."))
        .property("anyOf", several("At least one of these holds."))
        .property(
            "situation",
            one_of("SituationKind", "The household is in this situation."),
        )
        .property(
            "reason",
            one_of(
                "SituationReason",
                "The household is in its situation for this reason.",
            ),
        )
        .property(
            "urgencyAtLeast",
            one_of("Urgency", "The need is at least this urgent."),
        )
        .property(
            "applicationType",
            one_of("ApplicationType", "This is what was applied for."),
        )
        .property(
            "asksFor",
            one_of("Category", "The household may be given this kind of home."),
        )
        .property(
            "needsFeature",
            one_of("Feature", "The household needs this feature."),
        )
        .min_properties(Some(1))
        .max_properties(Some(1))
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
        .into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::RuleSet;
    use super::*;
    use crate::http::Shape;

    #[test]
    fn what_is_published_is_what_is_read() {
        let shape = Shape::of::<Condition>().unwrap();
        let known = [
            json!({"allOf": ["hasChildren", {"anyOf": [{"situation": "HOMELESS"}]}]}),
            json!({"reason": "LEASE_ENDING"}),
            json!({"urgencyAtLeast": "HIGH"}),
            json!({"applicationType": "NEW"}),
            json!({"asksFor": "ORDINARY"}),
            json!({"needsFeature": "LIFT"}),
            json!("displacedByDemolition"),
            json!("needsAccessibility"),
            json!("needsServices"),
        ];
        for condition in known {
            assert!(shape.faults_of(&condition).is_empty(), "{condition}");
            let read: Condition = serde_json::from_value(condition.clone()).unwrap();
            assert_eq!(json!(read), condition);
        }
        for condition in [
            json!({}),
            json!({"reason": "LEASE_ENDING", "urgencyAtLeast": "HIGH"}),
            json!({"nationality": "NO"}),
            json!({"allOf": [{"reason": "X"}]}),
            json!("isPoor"),
        ] {
            assert!(!shape.faults_of(&condition).is_empty(), "{condition}");
        }
    }

    #[test]
    fn the_example_has_the_published_shape() {
        let example: serde_json::Value = serde_json::from_str(RuleSet::EXAMPLE_JSON).unwrap();
        assert!(
            Shape::of::<RuleSet>()
                .unwrap()
                .faults_of(&example)
                .is_empty()
        );
    }
}
