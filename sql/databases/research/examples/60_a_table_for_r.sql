-- title: A table for R or Python
-- answers: What does one row per respondent look like, with everything in it?
select columns('.*')
from v_respondent_wide
order by wave, respondent
limit 100
