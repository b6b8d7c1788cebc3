"""Families of records, and how far each has come: what a reader may take silence to mean. The codebook shows it."""

from __future__ import annotations

from pipeline.language import Family

FAMILIES = (
    Family(
        "The seeds",
        "complete",
        "A report of Wang Yi's four suggestions at the 14th BRICS meeting of security advisers, and an essay, sentence by sentence.",
    ),
    Family(
        "BRICS meetings of national security advisers",
        "partial",
        "Meetings 1 to 15: dates, places, chairs, participants, what was put forward and what came of it.",
        "Meetings 1, 2 and 8 in depth, and full lists of participants: no page that was found says more.",
    ),
    Family(
        "BRICS summits",
        "partial",
        "The seventeen summits, and what fifteen of their declarations say on peace and security, point by point, with dissent and "
        "voices from outside; the strategy and the groups on terrorism and ICT.",
        "Kazan and Rio on ICT, outer space and weapons; several texts of which pages show only the opening; meetings 7 to 10 of the "
        "group on terrorism.",
    ),
    Family(
        "China's global initiatives",
        "partial",
        "Security, development, civilisation, governance, AI and data-security initiatives, point by point, with voices from "
        "other regions.",
        "The numbered list of the concept paper's twenty priorities, its fifth platform, and the texts of the two regional data"
        " initiatives.",
    ),
    Family(
        "Lianyungang and Xiangshan forums",
        "partial",
        "Every edition that a page shows, to 2025, with what was put forward there.",
        "Lianyungang 2017, Xiangshan 2 and 3; sources from outside China for the editions of 2012, 2016, 2018 and 2020.",
    ),
    Family(
        "Peace plans and mediation texts",
        "partial",
        "Plans for Ukraine of all sides to 2026, the Saudi–Iranian statement, the declaration of the Palestinian factions, the plan for "
        "Gaza of 2025 with resolution 2803 and the Board of Peace, agreements of 2025 between Armenia and Azerbaijan, Cambodia and "
        "Thailand, the Congo and Rwanda, point by point, with answers.",
        "Later points of the plans of 2025, of which pages show only the first; what was agreed after June 2026; other conflicts.",
    ),
    Family(
        "Reform of the Security Council",
        "partial",
        "Positions of all groups and of states with one of their own, point by point, with the seats that each would set; the "
        "process since 1963.",
        "The seats of the Uniting for Consensus model of March 2024 and of the L.69 group; a list of that group's members; "
        "texts of which pages show only the opening.",
    ),
    Family(
        "New Agenda for Peace and Pact for the Future",
        "partial",
        "The five areas and what reports show under them; the Pact's actions on peace and security and on the Council; the advisory board.",
        "Eleven of the twelve numbered actions of the agenda; the Pact's actions 13, 15 to 17 and 22 to 24; the board's "
        "numbered advice on peace.",
    ),
    Family(
        "Women, peace and security",
        "partial",
        "The ten resolutions with votes and what each asked for, with positions on them.",
        "Operative paragraphs that no page shows, most of all those of resolution 1325.",
    ),
    Family(
        "ICT security and cybercrime",
        "partial",
        "Reports of expert and working groups from 2013, rival drafts and votes, the convention of 2024 with its signatories and critics.",
        "Positions at the close of the working group in July 2025, ratifications, signatories after the list of the depositary breaks off.",
    ),
    Family(
        "Veto and climate security",
        "partial",
        "The draft vetoed in December 2021 with the positions on it, resolution 76/262, the code of conduct and the declaration"
        " on restraint; the Council's debates on climate since 2007, the draft of 2020, pledges, declarations of conferences, all sides.",
        "Seven of the fifteen joint pledges; what came of the debate of November 2025; the adoption of the African common position.",
    ),
    Family(
        "Responsibility to protect and international crimes",
        "partial",
        "The summit of 2005, the three pillars, answers of Brazil, China and India, votes of the Assembly; the amendments on aggression to "
        "their review in 2025; the convention on crimes against humanity as far as it is prepared; voices on all sides.",
        "Paragraphs 138 and 139 and other texts of which pages show only a summary; who voted against; the amendments of 2026.",
    ),
    Family(
        "Youth, peace and security",
        "partial",
        "The resolutions since 2015 with their points, the study, plans and frameworks of states and regions, objections to them.",
        "The second study on progress; reports of 2022 and 2024; the fields of three national plans.",
    ),
    Family(
        "Memberships of the groupings named",
        "partial",
        "BRICS, SCO, ASEAN, African Union, European Union, NATO, Quad, AUKUS, the Council's permanent members and reform "
        "groups, as dated rows.",
        "Days on which three states joined the African Union, ends of its older suspensions, first days of partners of the SCO.",
    ),
    Family(
        "Adherence to treaties",
        "partial",
        "Withdrawals and suspensions since 2007 from treaties on mines, cluster munitions, forces in Europe, open skies, nuclear tests and "
        "strategic arms, each with its day; China's accession to the Arms Trade Treaty.",
        "Lists of parties: those named are those of whom an act is recorded; signatures and ratifications; leaves from other treaties.",
    ),
    Family(
        "Advice of think tanks and panels",
        "partial",
        "Eighty works from Africa, Asia, the Americas, Europe, the Middle East and Russia, twenty of them by global panels and commissions "
        "since 1982, with what became of their advice, as far as pages show it.",
        "Most inner points of works of which only the opening was seen; what became of most of the advice.",
    ),
    Family(
        "Regional bodies",
        "partial",
        "African Union on silencing the guns and on resolution 2719, the GCC's vision, ASEAN's outlook and the South China Sea texts, "
        "SCO summits of 2024 and 2025, CSTO treaty, charter and sessions, NATO's concept of 2022, OAS 2003; principles, charters and "
        "councils of the OSCE, the Arab peace initiative and summits to 2025, CICA, AUKUS, the Quad to 2025, the Pacific Islands Forum, "
        "ECOWAS and the Alliance of Sahel States; with answers.",
        "The Lusaka roadmap's steps and the GCC vision's own text; points 5 to 10 of the declaration of 2002 on the South China Sea; "
        "members of the OSCE, the Arab League and ECOWAS; CICA summits 2, 3 and 5; full texts of Arab summits and of the Pacific Forum.",
    ),
    Family(
        "Global commons",
        "partial",
        "Weapons in outer space (drafts, rival resolutions with votes, working groups, the veto of April 2024), the agreement on the "
        "high seas, the moratorium on deep-sea mining, piracy and codes of conduct at sea, Antarctica and the Arctic, with all sides.",
        "Symbols and votes that no page shows; yearly votes of the Assembly on outer space; positions of Russia, India and Norway on the "
        "seabed; Council resolutions on piracy between 2008 and 2021.",
    ),
    Family(
        "Nuclear disarmament and non-proliferation",
        "partial",
        "Review conferences of 2010 to 2026, the prohibition treaty with its votes, meetings and opponents, the five powers' statement of "
        "2022, no first use, New START to its end, nuclear testing, zones, humanitarian statements, submarines and safeguards.",
        "Who stood in the way in 2026; yearly resolutions; texts of which pages show only the opening; numbers of weapons.",
    ),
    Family(
        "Autonomous weapons and military AI",
        "partial",
        "The group of experts on autonomous weapons, resolutions of 2023 to 2025 with votes, the joint call for a treaty, regional "
        "communiqués, the REAIM summits, the Political Declaration, papers of states on all sides, and voices on them.",
        "The guiding principles one by one; plenary votes that only machine-made pages show; the outcome of the experts' mandate in 2026.",
    ),
    Family(
        "Conventional arms",
        "partial",
        "The mine ban convention with the withdrawals and the suspension of 2025, cluster munitions, the Arms Trade Treaty from its vote "
        "to its conferences, small arms and ammunition, explosive weapons in towns, and the European treaties on forces, flights and "
        "measures of confidence to their end, with voices for and against.",
        "What conferences since the end of 2025 decided; plans and outcomes of which pages show only the opening; export controls.",
    ),
    Family(
        "Counter-terrorism and peace operations",
        "partial",
        "The global strategy and its reviews to 2026, the Council's resolutions since 2001, its committee and principles, the "
        "comprehensive convention that was never agreed, forums, standards and calls beyond the United Nations, criticism by rapporteurs "
        "and associations; action for peacekeeping, the ends of two missions.",
        "Who voted how in 2026; the third set of the committee's principles; the review of peace operations; most members of forums.",
    ),
    Family(
        "Chemical and biological weapons",
        "partial",
        "The chemical weapons convention with the decisions of its parties since 2018, the Council on Syria with its vetoes, the "
        "biological weapons convention with its reviews and its working group, what states proposed for them, and voices on all sides.",
        "Outcomes of the working group in December 2025 and 2026; the first reviews; old and abandoned weapons.",
    ),
    Family(
        "The United Nations and summits in 2025 and 2026",
        "partial",
        "The Council on the war with Iran, the peacebuilding review, UN80, nominations for Secretary-General, speeches on order in the "
        "Council, Davos and Munich; summits of NATO and the G20 in 2025, BRICS ministers, friends of global governance.",
        "Whatever came after June 2026: summits of NATO, the SCO and BRICS, the Assembly's high-level week, the next Secretary-General.",
    ),
)
