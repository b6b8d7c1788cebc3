"""The closed vocabularies. A term stands in the data as its slug; the codebook gives each its definition."""

from __future__ import annotations

from pipeline.language import Vocabulary

# ------------------------------------------------------------------------------------------------- about the record

RecordStatus = Vocabulary(
    "record-status",
    "How far the record has come.",
    {
        "draft": "Written and not yet compared with its sources by a second reader.",
        "reviewed": "Compared with its sources in a second reading, by another reader than the one who wrote it.",
        "disputed": "Sources disagree on something that matters for the record, and the record says so.",
    },
)

Confidence = Vocabulary(
    "confidence",
    "How well the sources that were read carry the record.",
    {
        "high": "The official text, or the body's own account, was seen.",
        "medium": "Two outlets that do not depend on each other say it.",
        "low": "One secondary page says it.",
    },
)

Verdict = Vocabulary(
    "verdict",
    "What a piece of evidence does for the field or record that it stands under.",
    {
        "supports": "It says what the record says.",
        "contradicts": "It says something else; the value that it gives is recorded.",
        "mentions": "It speaks of the matter without deciding it.",
    },
)

# ------------------------------------------------------------------------------------------------------- statements

SpeechAct = Vocabulary(
    "speech-act",
    "What the speaker does in saying it.",
    {
        "proposes": "Puts a course of action forward for others to take up.",
        "suggests": "Puts it forward as one possibility, without pressing it.",
        "calls-for": "Asks for it publicly, of whoever can bring it about.",
        "urges": "Presses someone to do it.",
        "supports": "Backs something that others do or have put forward.",
        "endorses": "Adopts another's text or initiative as its own position.",
        "commits": "Binds itself to do it.",
        "invites": "Asks someone to come or to join.",
        "advocates": "Argues for a principle or an approach over time.",
        "announces": "Makes known that something is or will be done.",
        "reaffirms": "Repeats a position already taken.",
        "opposes": "Speaks against something.",
        "criticises": "Finds fault with something.",
        "warns": "Points to harm that would follow.",
    },
)

Illocution = Vocabulary(
    "illocution",
    "The kind of speech act, after J. R. Searle's classes of illocutionary acts.",
    {
        "directive": "Tries to get someone to do something.",
        "commissive": "Commits the speaker to do something.",
        "assertive": "Says how things are or should be.",
        "declarative": "Brings something about by being said.",
    },
)

ILLOCUTION_OF = {
    "proposes": "directive",
    "suggests": "directive",
    "calls-for": "directive",
    "urges": "directive",
    "invites": "directive",
    "warns": "directive",
    "commits": "commissive",
    "supports": "commissive",
    "endorses": "commissive",
    "reaffirms": "commissive",
    "advocates": "assertive",
    "opposes": "assertive",
    "criticises": "assertive",
    "announces": "declarative",
}
"""Speech act → illocution: how this dataset groups its own terms."""

Modality = Vocabulary(
    "modality",
    "How strongly a demand is put.",
    {
        "must": "As an obligation.",
        "should": "As what ought to be done.",
        "can-may": "As what could be done.",
        "encouraged": "As something welcomed or promoted, without a demand.",
        "invited": "As an invitation.",
        "implied": "Not said as a demand, but to be understood as one.",
    },
)

ProposalStatus = Vocabulary(
    "status",
    "How far something put forward has come.",
    {
        "floated": "Put forward in a speech, article or statement.",
        "repeated": "Put forward again by those who put it forward before.",
        "formally-tabled": "Laid before a body that could adopt it.",
        "under-negotiation": "Being negotiated by those who could adopt it.",
        "endorsed": "Welcomed or backed by others, not adopted.",
        "adopted": "Adopted by a body; the instrument is named.",
        "in-force": "In force as law or agreement.",
        "in-implementation": "Being carried out.",
        "suspended": "Stopped, or not applied, for a time; by all who carry it out or by those that the note names.",
        "completed": "Carried out.",
        "not-agreed": "Put to a body that decides by consensus, which found none.",
        "rejected": "Turned down by a body that could have adopted it.",
        "vetoed": "Stopped by a veto.",
        "withdrawn": "Taken back by those who put it forward.",
        "superseded": "Replaced by something later.",
        "lapsed": "Known to have been given up; silence alone is not enough.",
        "aspirational": "A principle for which no step of adoption can exist.",
        "unknown": "Nothing was found that says what became of it.",
    },
)

InstrumentStatus = Vocabulary(
    "status",
    "How far a text or initiative has come.",
    {
        "draft": "A draft, not adopted.",
        "adopted": "Adopted by a body; the instrument is named.",
        "open-for-signature": "Adopted, and open for states to sign.",
        "signed": "Signed, not yet in force.",
        "in-force": "In force as law or agreement.",
        "amended": "Changed by a later text.",
        "extended": "Prolonged beyond its first term.",
        "suspended": "Stopped, or not applied, for a time; by all who carry it out or by those that the note names.",
        "superseded": "Replaced by something later.",
        "terminated": "Ended.",
        "never-adopted": "Known never to have been adopted.",
        "announced": "Made public by its author alone; no step of adoption was taken or is needed.",
        "unknown": "Nothing was found that says what became of it.",
    },
)

AdherenceAct = Vocabulary(
    "adherence-act",
    "What a state or body does to be bound by a text, or no longer to be.",
    {
        "signed": "Signed it.",
        "ratified": "Ratified, accepted or approved it, or completed its procedures.",
        "acceded": "Joined, or succeeded to it, without having signed.",
        "bound": "It entered into force for this party.",
        "suspended": "Suspended its part in it.",
        "ratification-withdrawn": "Took its ratification back.",
        "withdrawal-notified": "Gave notice that it leaves.",
        "withdrawn": "Its leave took effect.",
    },
)

QuantityKind = Vocabulary(
    "quantity",
    "What a demand would set to a number.",
    {
        "seats": "All seats of a body.",
        "permanent-seats": "Its seats without a term.",
        "non-permanent-seats": "Its seats with a term, elected or rotating.",
        "renewable-seats": "Those of its seats with a term that are longer than usual, or can be held again at once.",
    },
)

UptakeKind = Vocabulary(
    "uptake",
    "What a body did with a recommendation.",
    {
        "adopted": "Adopted it as recommended.",
        "adopted-in-part": "Adopted a part of it, or a weaker form.",
        "welcomed": "Spoke well of it, without adopting it.",
        "cited": "Referred to it, without adopting it.",
        "rejected": "Decided against it.",
        "unknown": "Nothing was found.",
    },
)

# ----------------------------------------------------------------------------------------------------------- actors

Role = Vocabulary(
    "role",
    "What an actor does in a record.",
    {
        "proposer": "Would be bound by the proposal, or would act on it, and puts it forward.",
        "author": "Wrote the work or gave the advice.",
        "spokesperson": "Spoke the words.",
        "on-behalf-of": "Stands behind the speaker, where that is neither the proposer nor the spokesperson.",
        "addressee": "Is asked to act.",
        "host": "Receives the event.",
        "chair": "Presides over the event.",
        "participant": "Takes part in the event.",
        "organiser": "Arranges the event.",
        "adopting-body": "Adopted the instrument.",
        "initiator": "Launched or drew up the instrument.",
        "party": "Signed the instrument or is bound by it.",
        "endorser": "Backs an instrument that nobody signs, such as a declaration or a code.",
        "asserter": "Makes the claim.",
        "target": "Is what the claim judges.",
    },
)

ActorKind = Vocabulary(
    "actor-kind",
    "What kind of actor is meant, where none is named.",
    {
        "state": "A state.",
        "group-of-states": "Several states, by a description.",
        "international-organisation": "An international organisation.",
        "organ-or-working-group": "A part of an organisation or grouping.",
        "officials": "Officials, by their function.",
        "non-state-actor": "An armed, criminal or other actor that is not a state.",
        "private-sector": "Companies.",
        "civil-society": "Associations, academia, social groups.",
        "international-community": "States and organisations at large.",
        "unspecified": "The text leaves open who is meant.",
    },
)

Capacity = Vocabulary(
    "capacity",
    "In what capacity an actor takes part.",
    {
        "head-of-delegation": "Leads the delegation of the state or body represented.",
        "member": "Takes part as a member of the grouping that meets.",
        "partner": "Takes part as a partner or observer of the grouping that meets.",
        "guest": "Was invited for this meeting.",
        "received-by": "Received the participants, without being one.",
        "deputy": "Stands in for someone else.",
    },
)

Vote = Vocabulary(
    "vote",
    "How an actor voted.",
    {
        "in-favour": "In favour.",
        "against": "Against.",
        "abstained": "Abstained.",
        "did-not-vote": "Had a vote and took no part.",
    },
)

Decision = Vocabulary(
    "decision",
    "How a body came to its decision.",
    {
        "unanimous": "By a vote in which nobody was against and nobody abstained.",
        "recorded-vote": "By a vote in which not all were in favour.",
        "without-a-vote": "By consensus, or without anybody asking for a vote.",
    },
)

Stance = Vocabulary(
    "stance",
    "How a statement stands towards an actor.",
    {
        "supportive": "Praises, backs or sides with it.",
        "critical": "Finds fault with it.",
        "sympathetic": "Shows concern for it without judging it.",
        "neutral": "Speaks of it without judging.",
        "mixed": "Praises and criticises it.",
    },
    deprecated={"neutral": "List as a target only an actor that is judged."},
)

# ------------------------------------------------------------------------------------------------ bodies and people

InstitutionType = Vocabulary(
    "institution-type",
    "What kind of body it is.",
    {
        "formal-igo": "An intergovernmental organisation founded by treaty or charter.",
        "organ-of-igo": "An organ, agency or programme of such an organisation.",
        "informal-grouping": "States that meet regularly without a founding treaty.",
        "alliance": "States bound to mutual defence.",
        "minilateral": "A few states that cooperate on security without mutual defence.",
        "forum-series": "A standing format of meetings, whose editions are events.",
        "working-group": "A group set up by a body for one subject.",
        "party": "A political party.",
        "party-organ": "An organ of a political party.",
        "government-body": "A ministry, office or agency of one state.",
        "think-tank": "An institute for policy research.",
        "university-institute": "A university or an institute within one.",
        "ngo": "An association that is neither state nor company.",
        "media": "A news outlet or agency.",
        "company": "A company.",
        "armed-or-political-faction": "An armed or political movement that is not a state.",
        "other": "None of these.",
    },
)

LegalBasis = Vocabulary(
    "legal-basis",
    "On what a body rests.",
    {
        "treaty": "A treaty or charter.",
        "decision": "A decision of a body or meeting.",
        "informal": "Practice, without a founding text.",
        "national-law": "The law or government of one state.",
        "party-statute": "The rules of a party.",
        "private": "The law of associations or companies.",
    },
)

NameKind = Vocabulary(
    "name-kind",
    "What kind of name it is.",
    {
        "official": "The name that the thing gives itself in full.",
        "short": "A shorter form in common use.",
        "acronym": "An abbreviation.",
        "native": "The name in its own language or script.",
        "former": "A name given up.",
        "as-printed": "A form that one source uses.",
        "loaded": "A name that takes sides; who uses it is recorded.",
    },
)

WordingKind = Vocabulary(
    "wording-kind",
    "Whose wording it is.",
    {
        "official": "The wording of the speaker's or author's own publication.",
        "translation": "A translation, by whoever made it, of the official wording.",
        "as-printed": "The wording of a source that reports or paraphrases.",
    },
)

MembershipKind = Vocabulary(
    "membership-kind",
    "What kind of membership it is.",
    {
        "full": "Full member.",
        "partner": "Partner, by the body's own term.",
        "observer": "Observer.",
        "invited": "Invited to join; no acceptance is known.",
    },
)

MembershipStatus = Vocabulary(
    "membership-status",
    "Whether the membership took effect.",
    {
        "in-effect": "It took effect.",
        "declined": "It was offered and declined.",
        "suspended": "It was suspended or frozen.",
        "ended": "It ended.",
        "ambiguous": "Sources, or the parties themselves, disagree on whether it took effect.",
    },
)

# ---------------------------------------------------------------------------------------------- events, instruments

EventType = Vocabulary(
    "event-type",
    "What kind of occurrence it is.",
    {
        "summit": "A meeting of heads of state or government.",
        "ministerial": "A meeting of ministers.",
        "nsa-meeting": "A meeting of national security advisers or high representatives for security.",
        "working-group-meeting": "A meeting of a working group.",
        "forum-conference": "An edition of a conference or dialogue.",
        "speech": "A speech, article or statement to the public.",
        "visit": "An official visit.",
        "reception": "A head of state or government receives the participants of a meeting.",
        "vote": "A vote in a body.",
        "adoption": "The adoption of a text.",
        "signature": "The signing of a text.",
        "entry-into-force": "A text takes effect.",
        "mediation": "Talks between parties to a conflict with the help of a third.",
        "exercise": "A military or other exercise.",
        "crisis-or-conflict": "A crisis or armed conflict, recorded only as context.",
        "publication": "A text is made public.",
        "founding": "A body is founded.",
        "accession": "A state joins a body or text.",
        "veto": "A decision is stopped by a veto.",
    },
)

EditionStatus = Vocabulary(
    "edition-status",
    "How sure the number of an edition is.",
    {
        "agreed": "Sources that number it give the same number.",
        "disputed": "Sources give different numbers.",
        "inferred": "No source prints it; it follows from the numbers before and after.",
    },
)

Mode = Vocabulary(
    "mode",
    "How people met.",
    {"in-person": "In one place.", "video": "By video link.", "hybrid": "Some in one place, some by video link."},
)

InstrumentType = Vocabulary(
    "instrument-type",
    "What kind of text or initiative it is.",
    {
        "treaty": "A treaty or convention between states.",
        "agreement": "Another agreement between governments or bodies.",
        "resolution": "A resolution of a body.",
        "decision": "A decision of a body.",
        "declaration": "A declaration of a meeting or body.",
        "joint-statement": "A statement that several actors make together.",
        "strategy": "A strategy.",
        "action-plan": "A plan of actions.",
        "roadmap": "A sequence of steps towards an aim.",
        "concept-paper": "A paper that sets out a concept.",
        "position-paper": "A paper that sets out a position.",
        "initiative": "A named initiative, put forward for others to join.",
        "code-of-conduct": "Rules of conduct.",
        "mou": "A memorandum of understanding.",
        "report": "A report.",
        "doctrine-or-concept": "A doctrine, agenda or guiding concept.",
        "programme": "A programme of cooperation or investment.",
    },
)

BindingForce = Vocabulary(
    "binding-force",
    "Whether it binds.",
    {
        "binding": "It binds in law those who are party to it.",
        "politically-binding": "It commits politically, not in law.",
        "non-binding": "It commits no one.",
        "unknown": "What was read does not say.",
    },
)

# ------------------------------------------------------------------------------------------------- states and places

UnStatus = Vocabulary(
    "un-status",
    "The standing of a state or territory in the United Nations.",
    {
        "member": "Member state.",
        "observer-state": "Non-member observer state.",
        "none": "Neither.",
    },
)

PlaceType = Vocabulary(
    "place-type",
    "What kind of place it is.",
    {
        "city": "A city or town.",
        "province": "A province, region or other first-level division of a state.",
        "sea-area": "A sea, strait or ocean.",
        "region": "A region of the world by geography.",
        "political-region": "A region or group of countries that is a political notion; what it means here is said.",
        "global-commons": "A space beyond national jurisdiction.",
    },
)

# ------------------------------------------------------------------------------------------------ claims and sources

ClaimType = Vocabulary(
    "claim-type",
    "What kind of assertion it is.",
    {
        "assessment": "A judgement on how things are.",
        "statistic": "A number.",
        "causal": "One thing is said to bring about another.",
        "attributive": "Something is said to belong to, or come from, something else.",
        "evaluative": "Praise or blame.",
        "predictive": "What will or would happen.",
        "normative": "What ought to be, with no addressee who could act on it.",
        "factual": "A plain statement that something happened or is so.",
    },
)

Comparator = Vocabulary(
    "comparator",
    "How a number is to be taken.",
    {"exactly": "That number.", "about": "About that number.", "at-least": "That number or more.", "over": "More.", "under": "Less."},
)

SourceClass = Vocabulary(
    "source-class",
    "What kind of publisher stands behind a source.",
    {
        "official": "A government or body, in its own publication.",
        "igo": "An intergovernmental organisation.",
        "depository": "A depository of treaties or documents.",
        "state-media": "A news outlet that a state owns or directs; official only for that government's own words.",
        "press": "A news outlet that no state directs.",
        "research": "A university, think tank or reference work.",
        "aggregator": "A page that repeats what others publish.",
    },
)

Media = Vocabulary(
    "media",
    "In what form the text of a source is read.",
    {"html": "A web page.", "pdf": "A PDF.", "text": "A plain text that was handed over, with no page of its own."},
)
