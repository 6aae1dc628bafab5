using VerseEtl.Host.Configuration;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>Tells what is wrong with the command line or pipelines.yaml: one line each on standard error, or one JSON object.</summary>
public static class ProblemReport
{
    /// <returns>The exit code for wrong usage.</returns>
    public static int Write(Terminal terminal, bool json, IReadOnlyList<ConfigProblem> problems)
    {
        if (json)
        {
            terminal.Out.WriteLine(Json.Text(new
            {
                exit_code = ExitCode.Configuration,
                meaning = ExitCode.Meaning(ExitCode.Configuration),
                problems = problems.Select(problem => new { problem.File, problem.Line, problem.Column, problem.Code, problem.Severity, problem.Message }),
            }));
            return ExitCode.Configuration;
        }
        foreach (ConfigProblem problem in problems) WriteLine(terminal, problem);
        int errors = problems.Count(problem => problem.Severity == Severity.Error);
        terminal.Error.WriteLine($"{CommandTree.Name}: {errors} {(errors == 1 ? "error" : "errors")}, nothing was done; see `{CommandTree.Name} --help`");
        return ExitCode.Configuration;
    }

    /// <summary>Warnings go by while the command goes on.</summary>
    public static void WriteWarnings(Terminal terminal, IReadOnlyList<ConfigProblem> problems)
    {
        foreach (ConfigProblem problem in problems.Where(problem => problem.Severity != Severity.Error)) WriteLine(terminal, problem);
    }

    private static void WriteLine(Terminal terminal, ConfigProblem problem) =>
        terminal.Error.WriteLine(problem.Severity == Severity.Error ? problem.ToString() : $"{problem} (warning)");
}
