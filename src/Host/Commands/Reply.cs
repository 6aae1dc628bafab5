using VerseEtl.Host.Configuration;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>How a command answers: lines for people, results on standard output and all else on standard error; or one JSON object and nothing else.</summary>
internal sealed class Reply(Terminal terminal, bool json)
{
    /// <summary>What the command found or did.</summary>
    /// <param name="answer">For machines, who get the exit code before it.</param>
    /// <param name="lines">For people.</param>
    /// <returns>The exit code.</returns>
    public int With(object answer, IEnumerable<string> lines, int exitCode = ExitCode.Done) => With(new Told(answer, lines, exitCode));

    /// <inheritdoc cref="With(object, IEnumerable{string}, int)"/>
    public int With(Told told)
    {
        if (json)
        {
            Host.Json.WriteAnswer(terminal.Out, told.ExitCode, told.Answer);
            terminal.Out.WriteLine();
        }
        else if (told.Text is not null) told.Text(terminal.Out);
        else foreach (string line in told.Lines) terminal.Tell(line);
        return told.ExitCode;
    }

    /// <summary>The command could not do its work.</summary>
    /// <returns>The exit code.</returns>
    public int Failure(int exitCode, string message)
    {
        if (json) terminal.Out.WriteLine(Host.Json.Answer(exitCode, new { Meaning = ExitCode.Meaning(exitCode), Message = Finding.OneLine(message) }));
        else terminal.Warn($"{CommandTree.Name}: {message}");
        return exitCode;
    }

    /// <summary>The command line or pipelines.yaml makes no sense, so nothing was done.</summary>
    /// <returns>The exit code for that.</returns>
    public int Refusal(IReadOnlyList<ConfigProblem> problems)
    {
        const int Code = ExitCode.Configuration;
        if (json)
        {
            var told = problems.Select(problem => new { problem.File, problem.Line, problem.Column, problem.Code, problem.Severity, problem.Message });
            terminal.Out.WriteLine(Host.Json.Answer(Code, new { Meaning = ExitCode.Meaning(Code), Problems = told }));
            return Code;
        }
        foreach (ConfigProblem problem in problems) WriteLine(problem);
        int errors = problems.Count(problem => problem.Severity == Severity.Error);
        terminal.Warn($"{CommandTree.Name}: {errors} {(errors == 1 ? "error" : "errors")}, nothing was done; see `{CommandTree.Name} --help`");
        return Code;
    }

    /// <summary>Warnings go by while the command goes on.</summary>
    public void Warnings(IEnumerable<ConfigProblem> problems)
    {
        foreach (ConfigProblem problem in problems.Where(problem => problem.Severity != Severity.Error)) WriteLine(problem);
    }

    private void WriteLine(ConfigProblem problem) => terminal.Warn(problem.Severity == Severity.Error ? problem.ToString() : $"{problem} (warning)");
}
