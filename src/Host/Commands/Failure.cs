using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>Tells that a command could not do its work: one line on standard error, or one JSON object.</summary>
internal static class Failure
{
    /// <returns>The exit code.</returns>
    public static int Write(Terminal terminal, bool json, int exitCode, string message)
    {
        if (json) terminal.Out.WriteLine(Json.Text(new { ExitCode = exitCode, Meaning = ExitCode.Meaning(exitCode), Message = Finding.OneLine(message) }));
        else terminal.Error.WriteLine($"{CommandTree.Name}: {Finding.OneLine(message)}");
        return exitCode;
    }
}
