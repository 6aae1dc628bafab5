using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Commands;

/// <summary>What was typed or configured makes no sense; the command has done nothing.</summary>
internal sealed class UsageException(params IReadOnlyList<ConfigProblem> problems) : Exception(problems[0].Message)
{
    public UsageException(string message, string code = ConfigCodes.Usage) : this(ConfigProblem.OnCommandLine(code, message)) { }

    public IReadOnlyList<ConfigProblem> Problems { get; } = problems;
}

/// <summary>The command could not do its work, for a reason outside the command line.</summary>
internal sealed class CommandFailedException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
