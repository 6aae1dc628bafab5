using VerseEtl.Transform.Findings;
using YamlDotNet.Core.Events;

namespace VerseEtl.Host.Configuration;

/// <summary>Gathers everything wrong with one file, so that its writer sees all of it at once.</summary>
public sealed class Problems(string file)
{
    private readonly List<ConfigProblem> _all = [];

    public string File { get; } = file;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ConfigProblem> All => [.. _all.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)];

    public bool HasErrors => _all.Any(problem => problem.Severity == Severity.Error);

    public void Add(int line, int column, string code, string message, Severity severity = Severity.Error) =>
        _all.Add(new ConfigProblem(File, line, column, code, message, severity));

    public void Add(YamlValue at, string code, string message, Severity severity = Severity.Error) => Add(at.Line, at.Column, code, message, severity);

    public void Add(ParsingEvent at, string code, string message) => Add((int)at.Start.Line, (int)at.Start.Column, code, message);
}
