-- Everything about a respondent in one row, each key once.
select columns('.*')
from respondent
inner join answer using (wave, respondent) -- noqa: ST07
inner join measured using (wave, respondent) -- noqa: ST07
