-- One domain: how many respondents it holds, whatever they answered.
--
-- grain: wave, area_id, grade, gender
-- units: n_respondents: respondents
-- reads: totals.domain_psu
-- drops: none
select
    wave,
    area_id,
    grade,
    gender,
    sum(n_respondents)::bigint as n_respondents
from totals.domain_psu
group by wave, area_id, grade, gender
