//! Reads a file of homes through: row by row in batches, known by their supplier ids, and sets aside what comes of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::header::Header;
use super::report::{Imported, RowFault};
use super::row::{Read, Row};
use super::staged::{Staged, Staging};
use super::store;
use super::table::{self, ReadSeek};
use super::vocabulary::Field;
use crate::db::Tx;
use crate::housing::rules::Refusal;
use crate::housing::rules::{may_begin_in, settle};
use crate::housing::{Description, Dwelling, DwellingState, Veil, measures};
use crate::http::Shape;
use crate::ids::MeasureId;
use crate::problem::{FieldFault, Problem};

/// Rows that are looked up together.
const BATCH: usize = 500;

/// How a file is taken in.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// Only told what would come of it.
    pub dry_run: bool,
    /// Rows with faults are left out; otherwise one fault keeps the whole file out.
    pub skip_faulty: bool,
}

/// Reads a file of homes through, and tells `progress` how many rows have been read. Nothing is written: that is done by
/// [`take_in`](super::take_in).
pub fn read_dwellings(
    tx: &mut Tx<'_>,
    file: &mut dyn ReadSeek,
    options: ImportOptions,
    progress: &dyn Fn(u64),
) -> Result<Staged, Problem> {
    let mut header: Option<Header> = None;
    let mut import = Import {
        options,
        shape: Shape::of::<Description>()?,
        measures: measures::ids_by_number(tx)?,
        veil: Veil::of(tx)?,
        staging: Staging::begin()?,
        batch: Vec::with_capacity(BATCH),
        names: HashMap::new(),
        units: HashMap::new(),
        told: Imported {
            dry_run: options.dry_run,
            ..Imported::default()
        },
    };
    table::each_row(file, &mut |line, cells| {
        let Some(header) = &header else {
            header = Some(Header::read(cells)?);
            return Ok(());
        };
        import.told.rows += 1;
        import.batch.push(Row {
            line,
            cells: cells.to_vec(),
        });
        if import.batch.len() == BATCH {
            import.look_through(tx, header)?;
            progress(import.told.rows);
        }
        Ok(())
    })?;
    let header = header.ok_or(Refusal::FileEmpty)?;
    import.look_through(tx, &header)?;
    progress(import.told.rows);
    import.staging.conclude(options, import.told)
}

/// A dwelling unit as the register tells units apart.
type Unit = [String; 4];

struct Import {
    options: ImportOptions,
    shape: Shape,
    measures: BTreeMap<String, MeasureId>,
    /// What a file says of where a home stands is held against what its sender is told of it.
    veil: Veil,
    staging: Staging,
    batch: Vec<Row>,
    /// In which line each supplier id and each unit stands.
    names: HashMap<String, u64>,
    units: HashMap<Unit, u64>,
    told: Imported,
}

/// What is known of the homes that the rows of a batch may be.
struct Known {
    by_name: BTreeMap<String, Dwelling>,
    by_unit: BTreeMap<Unit, Dwelling>,
}

impl Import {
    /// Looks a batch of rows through.
    fn look_through(&mut self, tx: &mut Tx<'_>, header: &Header) -> Result<(), Problem> {
        let batch = std::mem::take(&mut self.batch);
        if batch.is_empty() {
            return Ok(());
        }
        let known = find(tx, &batch, header)?;
        for row in &batch {
            match self.settle(tx, row, header, &known) {
                Ok(Outcome::New(home)) => {
                    self.told.created += 1;
                    self.set_aside(*home)?;
                }
                Ok(Outcome::Changed(home)) => {
                    self.told.updated += 1;
                    self.set_aside(*home)?;
                }
                Ok(Outcome::Same) => self.told.unchanged += 1,
                Err(faults) => self.told.note(faults),
            }
        }
        // Room for the next one.
        self.batch = batch;
        self.batch.clear();
        Ok(())
    }

    fn set_aside(&mut self, home: Dwelling) -> Result<(), Problem> {
        let is_refused = self.told.faulty > 0 && !self.options.skip_faulty;
        if self.options.dry_run || is_refused {
            return Ok(());
        }
        self.staging.put(home)
    }

    fn settle(
        &mut self,
        tx: &Tx<'_>,
        row: &Row,
        header: &Header,
        known: &Known,
    ) -> Result<Outcome, Vec<RowFault>> {
        let line = row.line;
        let name = row.text(header, Field::SupplierId).unwrap_or_default();
        let mut before = known.by_name.get(name);
        // A home that was registered by hand, and gets its supplier id now.
        let unnamed = unit_said(row, header).and_then(|unit| known.by_unit.get(&unit));
        if before.is_none() && unnamed.is_some_and(|it| it.description.supplier_id.is_none()) {
            before = unnamed;
        }
        let earlier = before.map(|home| &home.description);
        let read = row.read(header, earlier, &self.measures)?;
        let Read { description, state } = read;
        let of_fields = |faults: Vec<FieldFault>| -> Vec<RowFault> {
            faults
                .into_iter()
                .map(|it| RowFault::of(line, it))
                .collect()
        };
        let value = serde_json::to_value(&description).unwrap_or_default();
        let misshapen = self.shape.faults_of(&value);
        if !misshapen.is_empty() {
            return Err(of_fields(misshapen));
        }
        let description = settle(&description, earlier, tx.today()).map_err(of_fields)?;
        let mut faults = self.find_repeated(line, name, &description);
        let unit = unit_of(&description);
        if known
            .by_unit
            .get(&unit)
            .is_some_and(|other| Some(other.id) != before.map(|home| home.id))
        {
            faults.push(unit_exists(line));
        }
        let told = before.map(|home| self.veil.state(home.id, home.state));
        faults.extend(state_faults(line, state, told));
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(match before {
            Some(home) if home.description == description => Outcome::Same,
            Some(home) => Outcome::Changed(Box::new(Dwelling {
                version: home.version + 1,
                description,
                ..home.clone()
            })),
            None => Outcome::New(Box::new(Dwelling {
                municipality_id: tx.municipality(),
                id: tx.new_id(),
                version: 1,
                state: state.unwrap_or(DwellingState::Available),
                state_since: tx.today(),
                created_at: tx.now(),
                description,
            })),
        })
    }

    /// What an earlier row of the same file has said already.
    fn find_repeated(&mut self, line: u64, name: &str, said: &Description) -> Vec<RowFault> {
        let mut faults = Vec::new();
        if self.names.insert(name.to_owned(), line).is_some() {
            faults.push(RowFault::new(
                line,
                Field::SupplierId,
                "not_unique",
                "Står i en tidligere rad.",
                "Stands in an earlier row.",
            ));
        }
        if self.units.insert(unit_of(said), line).is_some() {
            faults.push(unit_exists(line));
        }
        faults
    }
}

/// What a row comes to.
enum Outcome {
    New(Box<Dwelling>),
    Changed(Box<Dwelling>),
    Same,
}

fn find(tx: &mut Tx<'_>, batch: &[Row], header: &Header) -> Result<Known, Problem> {
    let names = batch
        .iter()
        .filter_map(|row| row.text(header, Field::SupplierId))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let by_name = store::by_supplier_ids(tx, names)?;
    let said = batch.iter().filter_map(|row| unit_said(row, header));
    // Also where the known homes are: a row may leave that unsaid.
    let units: BTreeSet<String> = said
        .map(|[cadastral_id, ..]| cadastral_id)
        .chain(
            by_name
                .values()
                .map(|it| it.description.cadastral_id.clone()),
        )
        .collect();
    let there = store::in_units(tx, units.into_iter().collect())?;
    let by_unit = there
        .into_iter()
        .map(|home| (unit_of(&home.description), home))
        .collect();
    Ok(Known { by_name, by_unit })
}

/// The unit that a row names, as the register writes it; none where it is misspelt or says less than all of it.
fn unit_said(row: &Row, header: &Header) -> Option<Unit> {
    let text = |field| row.text(header, field);
    let id: crate::cadastral::CadastralId = text(Field::CadastralId)?.parse().ok()?;
    let unit: crate::cadastral::UnitNumber = text(Field::UnitNumber)?.parse().ok()?;
    let building = text(Field::BuildingNumber).unwrap_or_default();
    let reference = text(Field::ExtraReference).unwrap_or_default();
    Some([
        id.to_string(),
        building.to_owned(),
        unit.to_string(),
        reference.to_owned(),
    ])
}

fn unit_of(it: &Description) -> Unit {
    [
        it.cadastral_id.clone(),
        it.building_number.clone(),
        it.unit_number.clone(),
        it.extra_reference.clone(),
    ]
}

fn unit_exists(line: u64) -> RowFault {
    RowFault::new(
        line,
        Field::UnitNumber,
        "unit_exists",
        "Bruksenheten er registrert på en annen bolig, eller står i en tidligere rad. Flere utleierom i samme bruksenhet skilles med ekstra referanse.",
        "The dwelling unit is registered for another home, or stands in an earlier row. Several lettable rooms of one unit are told apart by an extra reference.",
    )
}

/// A file moves no home: a new one begins where a life can begin, and one that is known stands where it stands.
fn state_faults(
    line: u64,
    said: Option<DwellingState>,
    told: Option<DwellingState>,
) -> Vec<RowFault> {
    let Some(said) = said else {
        return Vec::new();
    };
    match told {
        Some(state) if state == said => Vec::new(),
        Some(_) => vec![RowFault::new(
            line,
            Field::State,
            "state_differs",
            "Boligen har en annen status; den endres gjennom handlinger.",
            "The home stands elsewhere; acts move it.",
        )],
        None if said.is_in_use() => vec![RowFault::new(
            line,
            Field::State,
            "no_tenancy",
            "En bolig kan ikke være i bruk uten et leieforhold.",
            "A home cannot be in use without a tenancy.",
        )],
        None => {
            let faults = may_begin_in(said).err().unwrap_or_default();
            faults
                .into_iter()
                .map(|it| RowFault::of(line, it))
                .collect()
        }
    }
}
