namespace VerseEtl.Host.AuditPage;

/// <summary>The page's style sheet: system fonts, light and dark by the reader's setting, tables that scroll on narrow screens.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --paper: #fff; --ink: #1c2024; --quiet: #60646c; --line: #d9dce1; --band: #f4f5f7;
          --differs: #b42318; --differs-bg: #fdecea; --incomplete: #8a5a00; --incomplete-bg: #fdf3dc; --contra: #6b3fa0; --contra-bg: #f1eafa;
          --fine: #1a7f4b; --fine-bg: #e6f5ec; --dot: #3b6fb6; --here: #0b3d7a; --published: #c4602a; }
        @media (prefers-color-scheme: dark) { :root { --paper: #15181c; --ink: #e7e9ec; --quiet: #9aa1ab; --line: #343a42; --band: #1e2228;
          --differs: #ff9a8d; --differs-bg: #46201c; --incomplete: #f1c15f; --incomplete-bg: #3d3014; --contra: #c9a9f2; --contra-bg: #33264a;
          --fine: #74d3a0; --fine-bg: #17362a; --dot: #6fa3e6; --here: #dbe9ff; --published: #f09a68; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1240px; padding: 1.25rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.35rem; margin: 0 0 .75rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .5rem; } p { margin: .4rem 0; max-width: 75ch; }
        .verdict { border-left: 6px solid; border-radius: 4px; padding: .8rem 1rem; font-size: 1.1rem; font-weight: 600; }
        .verdict.fine { border-color: var(--fine); background: var(--fine-bg); } .verdict.incomplete { border-color: var(--incomplete); background: var(--incomplete-bg); }
        .verdict.differs { border-color: var(--differs); background: var(--differs-bg); }
        .tally { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: .8rem 0; list-style: none; }
        .tally li { border: 1px solid var(--line); border-radius: 4px; padding: .15rem .6rem; } .tally b { font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 4px; }
        table { border-collapse: collapse; width: 100%; font-size: .87rem; font-variant-numeric: tabular-nums; }
        th, td { padding: .22rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { background: var(--band); font-weight: 600; } tr:last-child td { border-bottom: 0; }
        .l { text-align: left; } .w { white-space: normal; min-width: 22rem; } td.group, th.group { border-left: 1px solid var(--line); }
        .p { color: var(--quiet); } p.verdict { max-width: none; }
        .differs, .differs-cell { color: var(--differs); } td.differs { background: var(--differs-bg); font-weight: 600; }
        td.incomplete { background: var(--incomplete-bg); color: var(--incomplete); } td.contra { background: var(--contra-bg); color: var(--contra); }
        td.apart { color: var(--quiet); font-style: italic; } td a { color: inherit; }
        .mark { display: inline-block; width: 1em; text-align: center; margin-right: .25em; }
        details { margin: .3rem 0; } summary { cursor: pointer; } .names { color: var(--quiet); font-size: .87rem; overflow-wrap: anywhere; white-space: normal; }
        td .names { max-width: 44rem; min-width: 13rem; text-align: left; }
        svg.plot { display: block; max-width: none; background: var(--paper); } .plot text { font: 11px system-ui, sans-serif; fill: var(--ink); } .plot .count { fill: var(--quiet); }
        .plot .grid { stroke: var(--line); } .plot .dot { fill: var(--dot); fill-opacity: .45; } .plot .cut { fill: none; stroke: var(--dot); stroke-opacity: .8; }
        .plot path { fill: none; } .plot .published { stroke: var(--published); stroke-width: 1.5; } .plot .here { stroke: var(--here); stroke-width: 3; }
        .plot .publishedmedian { fill: var(--paper); stroke: var(--published); stroke-width: 1.8; }
        .legend { color: var(--quiet); font-size: .87rem; } .legend i { font-style: normal; font-weight: 700; }
        @media (max-width: 640px) { body { padding: .75rem; font-size: 14px; } .w { min-width: 0; }
          .stack, .stack tbody, .stack tr { display: block; } .stack tr { padding: .5rem .6rem; border-bottom: 1px solid var(--line); } .stack tr:first-child { display: none; }
          .stack td { display: inline-block; border: 0; padding: 0 .6rem 0 0; text-align: left; } .stack td.w { display: block; } .stack td[data-name]::before { content: attr(data-name) " "; color: var(--quiet); font-weight: 400; } }
        @media print { .scroll { overflow: visible; } }
        """;
}
