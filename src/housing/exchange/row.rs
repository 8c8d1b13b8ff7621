//! What a row says of a home: what it leaves unsaid stays as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use super::cells::{day, list, ore_of_kroner, whole, yes_or_no};
use super::header::Header;
use super::report::RowFault;
use super::table::Cell;
use super::vocabulary::{Field, our_code};
use crate::housing::{Category, Description, Details, DwellingState, Feature, RentPart, Tenure};
use crate::ids::MeasureId;

/// A row as it stands in the file.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<Cell>,
}

/// What a row says.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) description: Description,
    /// Where the home stands, where the row says it.
    pub(super) state: Option<DwellingState>,
}

impl Row {
    /// The text in the column of this field, where there is one.
    pub(super) fn text(&self, header: &Header, field: Field) -> Option<&str> {
        match self.cells.get(header.place(field)?) {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The home that the row describes, taken from what is known of it before.
    pub(super) fn read(
        &self,
        header: &Header,
        before: Option<&Description>,
        measures: &BTreeMap<String, MeasureId>,
    ) -> Result<Read, Vec<RowFault>> {
        let mut reading = Reading {
            line: self.line,
            description: before.cloned().unwrap_or_else(blank),
            state: None,
            faults: Vec::new(),
        };
        let blank_cell = Cell::Text(String::new());
        for (at, field) in header.fields() {
            match self.cells.get(at).unwrap_or(&blank_cell) {
                Cell::Text(text) => reading.take(field, text, measures),
                Cell::Formula => reading.fault(
                    field,
                    "formula",
                    "Cellen er en formel. Lim inn verdien.",
                    "The cell is a formula. Paste its value.",
                ),
                Cell::TooLong => reading.fault(
                    field,
                    "too_long",
                    "Cellen er for lang.",
                    "The cell is too long.",
                ),
                Cell::Broken => reading.fault(
                    field,
                    "not_text",
                    "Cellen kan ikke leses.",
                    "The cell cannot be read.",
                ),
            }
        }
        if before.is_none() {
            reading.must_say_what_it_is(header);
        }
        reading.done()
    }
}

/// What a new home must say of itself, beside what may be left out.
const NEEDED: &[&[Field]] = &[
    &[Field::CadastralId],
    &[Field::UnitNumber],
    &[Field::StreetAddress],
    &[Field::PostalCode],
    &[Field::PostalPlace],
    &[Field::Area],
    &[Field::Category],
    &[Field::Tenure, Field::Disposal],
    &[Field::Bedrooms],
    &[Field::UsableArea],
    &[Field::Floor],
    &[Field::Capacity],
    &[Field::RentOre, Field::RentKroner],
];

struct Reading {
    line: u64,
    description: Description,
    state: Option<DwellingState>,
    faults: Vec<RowFault>,
}

impl Reading {
    fn fault(&mut self, field: Field, code: &'static str, nb: &str, en: &str) {
        self.faults
            .push(RowFault::new(self.line, field, code, nb, en));
    }

    fn must_say_what_it_is(&mut self, header: &Header) {
        for fields in NEEDED {
            let is_there = fields.iter().any(|field| header.place(*field).is_some());
            if let (false, Some(field)) = (is_there, fields.first()) {
                self.missing(*field);
            }
        }
    }

    fn missing(&mut self, field: Field) {
        self.fault(field, "missing", "Mangler.", "Is missing.");
    }

    fn done(self) -> Result<Read, Vec<RowFault>> {
        if self.faults.is_empty() {
            return Ok(Read {
                description: self.description,
                state: self.state,
            });
        }
        Err(self.faults)
    }

    /// Takes what a cell says. What must be said cannot be left blank; what may be left out is cleared by a blank cell.
    fn take(&mut self, field: Field, text: &str, measures: &BTreeMap<String, MeasureId>) {
        let is_needed =
            NEEDED.iter().any(|fields| fields.contains(&field)) || field == Field::SupplierId;
        if text.is_empty() && is_needed {
            self.missing(field);
            return;
        }
        match field {
            Field::Id | Field::Shared => {}
            Field::SupplierId => self.description.supplier_id = Some(text.to_owned()),
            Field::CadastralId => text.clone_into(&mut self.description.cadastral_id),
            Field::BuildingNumber => text.clone_into(&mut self.description.building_number),
            Field::UnitNumber => text.clone_into(&mut self.description.unit_number),
            Field::ExtraReference => text.clone_into(&mut self.description.extra_reference),
            Field::StreetAddress => text.clone_into(&mut self.description.street_address),
            Field::PostalCode => text.clone_into(&mut self.description.postal_code),
            Field::PostalPlace => text.clone_into(&mut self.description.postal_place),
            Field::Area => text.clone_into(&mut self.description.area),
            Field::Measure => self.measure(text, measures),
            Field::Category
            | Field::Tenure
            | Field::Disposal
            | Field::Ownership
            | Field::State
            | Field::Kind
            | Field::ConditionClass
            | Field::EnergyClass => self.code(field, text),
            Field::Features | Field::Services | Field::Neighbourhood => self.codes(field, text),
            Field::RentParts => self.rent_parts(text),
            Field::Wheelchair | Field::RentToOwn | Field::VatCompensation => {
                self.yes_or_no(field, text);
            }
            Field::InspectedOn | Field::DemolitionFrom | Field::ExpectedOn => {
                self.day(field, text);
            }
            Field::Bedrooms
            | Field::UsableArea
            | Field::Floor
            | Field::Capacity
            | Field::RentOre
            | Field::RentKroner
            | Field::MinAge
            | Field::MaxAge => self.number(field, text),
        }
    }

    fn measure(&mut self, text: &str, measures: &BTreeMap<String, MeasureId>) {
        self.description.measure_id = measures.get(text).copied();
        if !text.is_empty() && self.description.measure_id.is_none() {
            self.fault(
                Field::Measure,
                "not_found",
                "Tiltaket finnes ikke.",
                "The measure does not exist.",
            );
        }
    }

    fn code(&mut self, field: Field, text: &str) {
        let code = our_code(field, text);
        let is_blank = code.is_empty();
        let it = &mut self.description;
        let known = match field {
            Field::Category => set(&mut it.category, code),
            Field::Tenure => set(&mut it.tenure, code),
            Field::Disposal => {
                // How it is owned is said beside it, and may have been read before.
                let is_share = it.tenure == Tenure::CoopShare && code == Tenure::Owned.code();
                is_share || set(&mut it.tenure, code)
            }
            // Of what is not the municipality's own, it says nothing.
            Field::Ownership => {
                let is_own = matches!(it.tenure, Tenure::Owned | Tenure::CoopShare);
                is_blank || !is_own || set(&mut it.tenure, code)
            }
            Field::State => is_blank || set_some(&mut self.state, code),
            Field::Kind => set_or_clear(&mut it.details.kind, code),
            Field::ConditionClass => set_or_clear(&mut it.details.condition_class, code),
            _ => set_or_clear(&mut it.details.energy_class, code),
        };
        if !known {
            self.unknown(field);
        }
    }

    fn unknown(&mut self, field: Field) {
        self.fault(field, "unknown_code", "Ukjent kode.", "Unknown code.");
    }

    fn codes(&mut self, field: Field, text: &str) {
        let known = match field {
            Field::Features => read_set(field, text).map(|it| self.description.features = it),
            Field::Services => read_set(field, text).map(|it| self.description.services = it),
            _ => read_set(field, text).map(|it| self.description.details.neighbourhood = it),
        };
        if known.is_none() {
            self.unknown(field);
        }
    }

    fn rent_parts(&mut self, text: &str) {
        let part = |text: &str| {
            let (kind, ore) = text.split_once(':')?;
            Some(RentPart {
                kind: our_code(Field::RentParts, kind.trim()).parse().ok()?,
                ore: whole(ore.trim())?,
            })
        };
        match list(text).map(part).collect::<Option<Vec<_>>>() {
            Some(parts) => self.description.details.rent_parts = parts,
            None => self.wrong_format(Field::RentParts),
        }
    }

    fn wrong_format(&mut self, field: Field) {
        self.fault(
            field,
            "wrong_format",
            "Har feil format.",
            "Has a wrong format.",
        );
    }

    fn yes_or_no(&mut self, field: Field, text: &str) {
        let Some(yes) = (if text.is_empty() {
            Some(false)
        } else {
            yes_or_no(text)
        }) else {
            self.wrong_format(field);
            return;
        };
        let it = &mut self.description;
        match field {
            Field::RentToOwn => it.details.rent_to_own = yes,
            Field::VatCompensation => it.details.vat_compensation = yes,
            // The rest of the bundle follows by the register's own rule.
            _ if yes => {
                it.features.insert(Feature::Wheelchair);
            }
            _ => {
                it.features.remove(&Feature::Wheelchair);
            }
        }
    }

    fn day(&mut self, field: Field, text: &str) {
        let said = day(text);
        if said.is_none() && !text.is_empty() {
            self.wrong_format(field);
            return;
        }
        let it = &mut self.description;
        match field {
            Field::InspectedOn => it.inspected_on = said,
            Field::DemolitionFrom => it.demolition_from = said,
            _ => it.details.expected_on = said,
        }
    }

    fn number(&mut self, field: Field, text: &str) {
        let said = match field {
            Field::RentKroner => ore_of_kroner(text),
            _ => whole(text),
        };
        let it = &mut self.description;
        let fits = match (field, said) {
            (Field::MinAge, None) if text.is_empty() => {
                it.min_age = None;
                true
            }
            (Field::MaxAge, None) if text.is_empty() => {
                it.max_age = None;
                true
            }
            (_, None) => false,
            (Field::RentOre | Field::RentKroner, Some(ore)) => {
                it.rent_ore = ore;
                true
            }
            (Field::UsableArea, Some(area)) => keep(&mut it.usable_area_m2, area),
            (Field::Bedrooms, Some(number)) => keep(&mut it.bedrooms, number),
            (Field::Floor, Some(number)) => keep(&mut it.floor, number),
            (Field::Capacity, Some(number)) => keep(&mut it.capacity, number),
            (Field::MinAge, Some(age)) => keep_some(&mut it.min_age, age),
            (_, Some(age)) => keep_some(&mut it.max_age, age),
        };
        if !fits {
            self.wrong_format(field);
        }
    }
}

fn set<T: FromStr>(place: &mut T, code: &str) -> bool {
    code.parse().map(|it| *place = it).is_ok()
}

fn set_some<T: FromStr>(place: &mut Option<T>, code: &str) -> bool {
    code.parse().map(|it| *place = Some(it)).is_ok()
}

fn set_or_clear<T: FromStr>(place: &mut Option<T>, code: &str) -> bool {
    if code.is_empty() {
        *place = None;
        return true;
    }
    set_some(place, code)
}

fn keep<T: TryFrom<i64>>(place: &mut T, number: i64) -> bool {
    T::try_from(number).map(|it| *place = it).is_ok()
}

fn keep_some<T: TryFrom<i64>>(place: &mut Option<T>, number: i64) -> bool {
    T::try_from(number).map(|it| *place = Some(it)).is_ok()
}

fn read_set<T: FromStr + Ord>(field: Field, text: &str) -> Option<BTreeSet<T>> {
    list(text)
        .map(|part| our_code(field, part).parse().ok())
        .collect()
}

/// A home of which nothing is known yet. What a row must say is said by the row.
fn blank() -> Description {
    Description {
        cadastral_id: String::new(),
        building_number: String::new(),
        unit_number: String::new(),
        extra_reference: String::new(),
        street_address: String::new(),
        postal_code: String::new(),
        postal_place: String::new(),
        area: String::new(),
        category: Category::Ordinary,
        tenure: Tenure::Owned,
        bedrooms: 0,
        usable_area_m2: 0,
        floor: 0,
        capacity: 0,
        rent_ore: 0,
        features: BTreeSet::new(),
        services: BTreeSet::new(),
        min_age: None,
        max_age: None,
        inspected_on: None,
        demolition_from: None,
        cleared_for_protected: false,
        measure_id: None,
        supplier_id: None,
        details: Details::default(),
    }
}
