-- One stratum of a wave's design: how many primary sampling units the survey reached in it,
-- whether or not anyone there gave a usable answer.
--
-- grain: wave, stratum
-- units: n_psu: primary sampling units
-- reads: staging.respondent
-- drops: none
select
    wave,
    stratum,
    count(distinct psu) as n_psu
from staging.respondent
group by wave, stratum
