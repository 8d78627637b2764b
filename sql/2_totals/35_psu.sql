-- One primary sampling unit that units were sampled within: how many the survey reached, whether
-- or not anyone there gave a usable answer, and how many there are.
--
-- grain: wave, stratum, psu
-- units: n_unit: units; units_in_psu: those of the population
-- reads: staging.respondent
-- drops: waves without a second stage
select
    respondent.wave,
    respondent.stratum,
    respondent.psu,
    count(distinct respondent.unit) as n_unit,
    -- The same for all, as the export was checked to say.
    max(respondent.units_in_psu) as units_in_psu
from staging.respondent as respondent
where respondent.unit is not null
group by respondent.wave, respondent.stratum, respondent.psu
