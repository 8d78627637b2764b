-- One stratum of a wave's design: how many primary sampling units the survey reached in it,
-- whether or not anyone there gave a usable answer, and how many there are.
--
-- grain: wave, stratum
-- units: n_psu: primary sampling units; psus_in_stratum: those of the population, null where the
--     wave does not state them
-- reads: staging.respondent
-- drops: none
select
    respondent.wave,
    respondent.stratum,
    count(distinct respondent.psu) as n_psu,
    -- The same for all, as the export was checked to say.
    max(respondent.psus_in_stratum) as psus_in_stratum
from staging.respondent as respondent
group by respondent.wave, respondent.stratum
