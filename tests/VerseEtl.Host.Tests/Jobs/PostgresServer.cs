using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace VerseEtl.Host.Tests.Jobs;

/// <summary>A real PostgreSQL on a free port of this machine, in a folder of its own, ended with the tests that use it.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal)
            .Select(version => Path.Join(version, "bin")).LastOrDefault(bin => File.Exists(Path.Join(bin, "pg_ctl")))
        : null;

    private readonly TempFolder _temp = new();
    private readonly int _port = FreePort();

    public string Connection => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=verse;Database=postgres;Pooling=true");

    private string Data => _temp["data"];

    public static void RequireInstalled() => Assert.SkipWhen(Programs is null, "PostgreSQL is not installed (Debian: apt-get install postgresql)");

    public async ValueTask InitializeAsync()
    {
        if (Programs is null) return;
        // the server refuses to be root
        if (Environment.UserName == "root") await Run("chown", ["postgres", _temp.Path], asPostgres: false);
        await Run(Path.Join(Programs, "initdb"), ["-D", Data, "-A", "trust", "-U", "verse", "-E", "UTF8", "--no-sync"]);
        await Start();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (Directory.Exists(Data)) await Run(Path.Join(Programs, "pg_ctl"), ["-D", Data, "-m", "immediate", "stop"]);
        _temp.Dispose();
    }

    public Task Start() =>
        Run(Path.Join(Programs, "pg_ctl"), ["-D", Data, "-w", "-l", _temp["log"], "-o", $"-p {_port} -h 127.0.0.1 -k {_temp.Path}", "start"]);

    /// <summary>As after a power cut: connections break, what was committed is there again.</summary>
    public async Task Restart()
    {
        await Run(Path.Join(Programs, "pg_ctl"), ["-D", Data, "-m", "immediate", "stop"]);
        await Start();
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(Connection);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return (T)Convert.ChangeType((await command.ExecuteScalarAsync())!, typeof(T), CultureInfo.InvariantCulture);
    }

    private static async Task Run(string program, string[] arguments, bool asPostgres = true)
    {
        // output to nowhere: a server would keep a pipe open
        List<string> words = [program, .. arguments];
        if (asPostgres && Environment.UserName == "root") words.InsertRange(0, ["runuser", "-u", "postgres", "--"]);
        ProcessStartInfo start = new("sh", ["-c", "cd / && exec \"$@\" >/dev/null 2>&1", "sh", .. words]);
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', words)} ended with {process.ExitCode}");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
