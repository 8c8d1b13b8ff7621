//! The two operations that every kind of numbers has: to see them, and to adopt new ones.

/// Makes `endpoints()` of a kind of numbers, and the shapes that go over the wire.
macro_rules! operations {
    (
        $policy:ident at $path:literal,
        read by $read:ident $reading:literal,
        adopt by $adopt:ident $adopting:literal,
        as $asked:ident, $shown:ident, $all:ident
    ) => {
        /// Both operations.
        pub(crate) fn endpoints() -> Vec<$crate::http::Endpoint> {
            use $crate::auth::Action;
            use $crate::http::Endpoint;
            vec![
                Endpoint::get($path, Action::$read, $reading, list),
                Endpoint::create($path, Action::$adopt, $adopting, adopt),
            ]
        }

        /// Numbers, from a day on.
        #[derive(serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct $asked {
            rules: $policy,
            /// The first day on which they hold; not in the past.
            valid_from: $crate::clock::Day,
        }

        /// A version.
        #[derive(serde::Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        struct $shown {
            id: $crate::ids::PolicyId,
            rules: $policy,
            valid_from: $crate::clock::Day,
            /// The first day on which they no longer hold.
            valid_until: Option<$crate::clock::Day>,
            created_at: $crate::clock::Instant,
        }

        impl From<$crate::policies::Version<$policy>> for $shown {
            fn from(version: $crate::policies::Version<$policy>) -> Self {
                Self {
                    id: version.id,
                    rules: version.said,
                    valid_from: version.valid_from,
                    valid_until: version.valid_until,
                    created_at: version.created_at,
                }
            }
        }

        /// All versions, and what holds today.
        #[derive(serde::Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        struct $all {
            /// What holds today: the shipped example as long as the municipality has said nothing.
            in_force: $policy,
            items: Vec<$shown>,
        }

        fn list(
            tx: &mut $crate::db::Tx<'_>,
            _: &$crate::http::Call,
            _: &$crate::http::Nothing,
        ) -> Result<$crate::http::Shown<$all>, $crate::problem::Problem> {
            let today = tx.today();
            let all = $crate::policies::versions(tx)?.into_iter();
            Ok($crate::http::Shown::plain($all {
                in_force: $crate::policies::on(tx, today)?,
                items: all.map(Into::into).collect(),
            }))
        }

        fn adopt(
            tx: &mut $crate::db::Tx<'_>,
            _: &$crate::http::Call,
            asked: &$asked,
        ) -> Result<$crate::http::Created<$shown>, $crate::problem::Problem> {
            let version = $crate::policies::adopt(tx, &asked.rules, asked.valid_from)?;
            Ok($crate::http::Created {
                location: $path.to_owned(),
                version: None,
                body: version.into(),
            })
        }
    };
}
pub(crate) use operations;
