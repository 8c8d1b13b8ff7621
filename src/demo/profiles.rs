//! Who turns to the housing service, why, and what they need: the kinds of household in believable proportions.

use super::names::Origin;
use super::people::Family;
use super::places::Area;
use super::random::Random;
use super::reasons;
use crate::applications::{ApplicationType, AreaCode, Needs, Urgency};
use crate::housing::{Category, Feature, Service};
use crate::people::AddressProtection;
use crate::situations::SituationReason as Reason;

/// A case that is yet to be entered: a family, why it has no fit home, and what it needs.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) family: Family,
    pub(super) reason: Reason,
    pub(super) kind: ApplicationType,
    pub(super) needs: Needs,
}

/// The groups of the plan's section 1.2 and of the national counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    SingleWithoutHome,
    SingleAtRisk,
    FamilyWithChildren,
    SharedCustody,
    Refugee,
    Older,
    Disabled,
    DualDiagnosis,
    Young,
}

const GROUPS: [(u32, Group); 9] = [
    (25, Group::SingleWithoutHome),
    (12, Group::SingleAtRisk),
    (18, Group::FamilyWithChildren),
    (5, Group::SharedCustody),
    (13, Group::Refugee),
    (10, Group::Older),
    (5, Group::Disabled),
    (5, Group::DualDiagnosis),
    (7, Group::Young),
];

/// A household of any group, each as likely as in the queue of a real municipality.
pub(super) fn draw(random: &mut Random, areas: &[Area]) -> Draft {
    let mut draft = match random.weighted(Group::SingleWithoutHome, &GROUPS) {
        Group::SingleWithoutHome => single(random, reasons::WITHOUT_HOME),
        Group::SingleAtRisk => single(random, reasons::AT_RISK),
        Group::FamilyWithChildren => family_with_children(random),
        Group::SharedCustody => shared_custody(random),
        Group::Refugee => refugee(random),
        Group::Older => older(random),
        Group::Disabled => disabled(random),
        Group::DualDiagnosis => dual_diagnosis(random),
        Group::Young => young(random),
    };
    protect(random, &mut draft);
    wish(random, &mut draft, areas);
    draft
}

/// Needs of certain kinds of home, and nothing else yet.
pub(super) fn needs(categories: &[Category], urgency: Urgency) -> Needs {
    Needs {
        categories: categories.to_vec(),
        urgency,
        extra_bedrooms: 0,
        features: Vec::new(),
        highest_floor_without_lift: None,
        services: Vec::new(),
        wished_areas: Vec::new(),
        excluded_areas: Vec::new(),
        excluded_households: Vec::new(),
        school_area: None,
        has_pet: false,
        could_come_to_own: false,
        monthly_means_ore: None,
        lower_steps_tried: false,
    }
}

/// What a household can pay a month: more adults and more children mean more income and child benefit.
pub(super) fn means_ore(random: &mut Random, family: &Family) -> i64 {
    let partner = i64::from(family.partner.is_some());
    let children = i64::try_from(family.children.len()).unwrap_or_default();
    let least = 700_000 + 350_000 * partner + 120_000 * children;
    least + 10_000 * i64::from(random.below(55))
}

fn draft(random: &mut Random, family: Family, reason: Reason, categories: &[Category]) -> Draft {
    let urgency = reasons::urgency_of(random, reason);
    Draft {
        family,
        reason,
        kind: ApplicationType::New,
        needs: needs(categories, urgency),
    }
}

fn single(random: &mut Random, reasons: &[(u32, Reason)]) -> Draft {
    let origin = Origin::of_anybody(random);
    let age = random.between(22, 61);
    let reason = random.weighted(Reason::LeaseEnding, reasons);
    let mut family = Family::single(origin, age);
    if random.percent(8) {
        family.partner = Some(age + random.between(0, 4));
    }
    let categories: &[Category] = match random.below(3) {
        0 => &[Category::Ordinary],
        1 => &[Category::Ordinary, Category::Bedsit],
        _ => &[Category::Bedsit, Category::Ordinary],
    };
    let mut single = draft(random, family, reason, categories);
    if matches!(reason, Reason::LeavingInstitution | Reason::LeavingPrison) && random.percent(60) {
        single.kind = ApplicationType::ReferralFromService;
    }
    single.needs.has_pet = random.percent(7);
    single
}

/// The children of somebody of an age, at least so many.
pub(super) fn children(random: &mut Random, parent: i32, least: i32) -> Vec<i32> {
    let count = random
        .weighted(1, &[(38, 1), (36, 2), (17, 3), (7, 4), (2, 5)])
        .max(least);
    (0..count)
        .map(|_| random.between(0, (parent - 20).clamp(0, 16)))
        .collect()
}

fn family_with_children(random: &mut Random) -> Draft {
    let reason = random.weighted(Reason::Overcrowded, reasons::OF_FAMILIES);
    let mut family = Family::single(Origin::of_anybody(random), random.between(26, 46));
    let flees = matches!(reason, Reason::CrisisShelter | Reason::UnsafeFromViolence);
    if !flees && random.percent(45) {
        family.partner = Some(family.applicant + random.between(-3, 5));
    }
    family.children = children(
        random,
        family.applicant,
        if reason == Reason::Overcrowded { 2 } else { 1 },
    );
    if flees && random.percent(35) {
        family.protection = AddressProtection::Confidential;
        if random.percent(30) {
            family.protection = AddressProtection::StrictlyConfidential;
        }
    }
    let mut draft = draft(random, family, reason, &[Category::Ordinary]);
    draft.needs.has_pet = random.percent(8);
    if random.percent(6) {
        // A child who uses a wheelchair, and an assistant who stays the night.
        draft.needs.features = vec![Feature::StepFree, Feature::Wheelchair, Feature::AdaptedBath];
        draft.needs.highest_floor_without_lift = Some(1);
        draft.needs.extra_bedrooms = 1;
    }
    draft
}

fn shared_custody(random: &mut Random) -> Draft {
    let mut family = Family::single(Origin::of_anybody(random), random.between(28, 50));
    family.children = children(random, family.applicant, 1);
    family.children.truncate(3);
    family.shares_custody = true;
    let reason = random.weighted(Reason::LeaseEnding, reasons::OF_PARTED_PARENTS);
    draft(random, family, reason, &[Category::Ordinary])
}

fn refugee(random: &mut Random) -> Draft {
    let mut family = Family::single(Origin::of_refugees(random), random.between(21, 55));
    if random.percent(55) {
        family.children = children(random, family.applicant, 1);
        if random.percent(60) {
            family.partner = Some(family.applicant + random.between(0, 6));
        }
        if random.percent(8) {
            family.other_adult = Some(family.applicant + random.between(20, 30));
        }
    }
    if random.percent(6) {
        family.protection = AddressProtection::ClientAddress;
    }
    let is_alone = family.children.is_empty();
    let categories: &[Category] = if is_alone {
        &[Category::Ordinary, Category::Bedsit]
    } else {
        &[Category::Ordinary]
    };
    let mut draft = draft(random, family, Reason::RefugeeSettlement, categories);
    draft.kind = ApplicationType::RefugeeSettlement;
    draft
}

fn older(random: &mut Random) -> Draft {
    let age = random.between(68, 91);
    let mut family = Family::single(Origin::Norway, age);
    if random.percent(30) {
        family.partner = Some((age + random.between(-4, 4)).max(67));
    }
    let needs_closer_services = age > 78 && random.percent(50);
    let (reason, categories): (_, &[Category]) = if needs_closer_services {
        (
            Reason::NeedsCloserServices,
            &[Category::Care, Category::AssistedSenior],
        )
    } else {
        (
            Reason::NotAccessible,
            &[Category::AssistedSenior, Category::Ordinary],
        )
    };
    let mut draft = draft(random, family, reason, categories);
    draft.needs.features = vec![Feature::StepFree];
    draft.needs.highest_floor_without_lift = Some(1);
    if needs_closer_services {
        draft.needs.services = vec![Service::Ambulant];
        draft.needs.features.push(Feature::AdaptedBath);
    }
    if age > 84 && needs_closer_services && random.percent(30) {
        draft.needs.categories = vec![Category::RoundTheClockCare];
        draft.needs.services = vec![Service::StaffedRoundTheClock];
        // Round-the-clock care is for those for whom lower steps were tried; some cases have not come that far.
        draft.needs.lower_steps_tried = random.percent(70);
    }
    draft
}

fn disabled(random: &mut Random) -> Draft {
    let family = Family::single(Origin::of_anybody(random), random.between(18, 58));
    let reason = random.weighted(Reason::NotAccessible, reasons::OF_DISABLED);
    let categories = [Category::Care, Category::SharedHousing, Category::Ordinary];
    let mut draft = draft(random, family, reason, &categories);
    if random.percent(55) {
        draft.needs.features = vec![Feature::StepFree, Feature::Wheelchair, Feature::AdaptedBath];
        draft.needs.highest_floor_without_lift = Some(1);
    } else {
        draft.needs.categories = vec![Category::SharedHousing, Category::Care];
        draft.needs.services = vec![Service::Ambulant];
    }
    draft.kind = ApplicationType::ReferralFromService;
    draft
}

/// Concurrent mental illness and addiction ("ROP"). The case carries what the home must bear, never a diagnosis.
fn dual_diagnosis(random: &mut Random) -> Draft {
    let family = Family::single(Origin::of_anybody(random), random.between(24, 58));
    let reason = random.weighted(Reason::TemporaryAccommodation, reasons::OF_DUAL_DIAGNOSIS);
    let categories: &[Category] = if random.percent(70) {
        &[Category::Robust]
    } else {
        &[Category::Robust, Category::Test]
    };
    let mut draft = draft(random, family, reason, categories);
    draft.needs.services = vec![Service::TenancyCoach];
    draft.needs.has_pet = random.percent(12);
    draft.kind = ApplicationType::ReferralFromService;
    draft
}

fn young(random: &mut Random) -> Draft {
    let family = Family::single(Origin::of_anybody(random), random.between(18, 23));
    let reason = random.weighted(Reason::WithFriendsOrRelatives, reasons::OF_YOUNG);
    let categories = [Category::Youth, Category::Training, Category::Bedsit];
    let mut draft = draft(random, family, reason, &categories);
    draft.kind = ApplicationType::ReferralFromService;
    if random.percent(50) {
        draft.needs.categories.truncate(2);
        draft.needs.services = vec![Service::TenancyCoach];
    }
    draft
}

/// A few of all groups have a protected address, also where the reason does not tell.
fn protect(random: &mut Random, draft: &mut Draft) {
    let may_be =
        draft.family.protection == AddressProtection::Ungraded && !draft.family.shares_custody;
    if may_be && random.percent(1) {
        draft.family.protection = AddressProtection::Confidential;
    }
}

fn wish(random: &mut Random, draft: &mut Draft, areas: &[Area]) {
    let needs = &mut draft.needs;
    let is_protected = draft.family.protection.is_protected();
    if is_protected || random.percent(7) {
        needs.excluded_areas.extend(find_area(random, areas));
    }
    if random.percent(50) {
        for _ in 0..=random.below(2) {
            let wish = find_area(random, areas);
            let is_new = |area: &AreaCode| {
                !needs.wished_areas.contains(area) && !needs.excluded_areas.contains(area)
            };
            needs.wished_areas.extend(wish.filter(is_new));
        }
    }
    if draft.family.children.iter().any(|age| *age > 0) && random.percent(75) {
        needs.school_area = find_area(random, areas);
    }
}

fn find_area(random: &mut Random, areas: &[Area]) -> Option<AreaCode> {
    random.find(areas).map(|area| area.code.clone())
}
