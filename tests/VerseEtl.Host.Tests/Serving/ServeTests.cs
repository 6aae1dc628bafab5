using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Serving;

/// <summary>The real program on a free port of this machine.</summary>
public sealed partial class ServeTests(SmallDataset dataset) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _temp = new();

    private string Yaml => Path.Join(_temp.Path, "p.yaml");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Served_pipelines_run_by_their_schedules_until_SIGTERM()
    {
        Write(("a", "* * * * * *"));
        using Served served = await Served.Start($"serve --config {Yaml} --port 0");
        await Until(() => Runs("a") >= 3);
        Assert.Equal([1L], Open("a").Snapshots().Select(snapshot => snapshot.Sequence));
        Assert.Matches("^a:[0-9]{8}t[0-9]{6}z$", Open("a").Current!.RunKey);
        Assert.All(Open("a").Runs().GroupBy(run => run.RunKey), runs => Assert.Single(runs));

        // an edit with a mistake changes nothing; one without adds b and removes a
        File.AppendAllText(Yaml, "nonsense: 1\n");
        int before = Runs("a");
        await Until(() => Runs("a") > before + 2);
        Write(("b", "* * * * * *"));
        await Until(() => Directory.Exists(Path.Join(_temp.Path, "b/current")));
        before = Runs("a");
        await Task.Delay(1_500, TestContext.Current.CancellationToken);
        Assert.Equal(before, Runs("a"));

        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(ExitCode.Terminated, await served.Signal("TERM"));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.Contains("CFG_UNKNOWN_KEY 'nonsense'", served.Error, StringComparison.Ordinal);
        Assert.Matches(@"[0-9]{8}T[0-9]{6}-[0-9a-f]{8} Run published with code 0: 4 scans", served.Error);
    }

    [Fact]
    public async Task The_first_start_leaves_a_password_for_its_owner_alone_and_the_next_one_keeps_it()
    {
        Write(("a", "0 0 4 1 1 *"));
        string password = Path.Join(_temp.Path, "state/operator-password");
        using (Served served = await Served.Start($"serve --config {Yaml} --port 0 --state {_temp.Path}/state"))
        {
            using HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(served.Url) };
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
            Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/", TestContext.Current.CancellationToken)).StatusCode);
            using HttpResponseMessage signedIn = await ServedPages.SignIn(client, "operator", File.ReadAllText(password).Trim());
            Assert.Equal("/", signedIn.Headers.Location!.ToString());
            Assert.Equal(ExitCode.Interrupted, await served.Signal("INT"));
            Assert.DoesNotContain(File.ReadAllText(password).Trim(), served.Error, StringComparison.Ordinal);
        }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(password));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Join(_temp.Path, "state/accounts.json")));
        File.Delete(password);
        using (Served again = await Served.Start($"serve --config {Yaml} --port 0 --state {_temp.Path}/state --no-sign-in"))
        {
            using HttpClient client = new() { BaseAddress = new Uri(again.Url) };
            Assert.Contains("<h2>a ", await client.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(ExitCode.Terminated, await again.Signal("TERM"));
        }
        Assert.False(File.Exists(password));
    }

    [Theory]
    [InlineData("--listen 0.0.0.0 --host verse.example", "can be reached from other machines; give --certificate")]
    [InlineData("--listen 192.0.2.1 --no-sign-in --host verse.example", "so --no-sign-in needs a --proxy")]
    [InlineData("--listen 0.0.0.0 --proxy 192.0.2.9", "name with --host")]
    [InlineData("--certificate c.pem", "--certificate and --certificate-key need each other")]
    [InlineData("--certificate c.pem --certificate-key k.pem --proxy 127.0.0.1 --host verse.example", "exclude each other")]
    [InlineData("--host *", "--host * is no name of one host")]
    [InlineData("--host *.example.org", "is no name of one host")]
    [InlineData("--host 0.0.0.0", "is no name of one host")]
    [InlineData("--host [::]", "is no name of one host")]
    [InlineData("--host verse.example:443", "is no name of one host")]
    [InlineData("--host https://verse.example", "is no name of one host")]
    public async Task What_others_could_reach_unguarded_is_not_served(string arguments, string reason)
    {
        Write(("a", "0 30 2 * * *"));
        (int code, _, string error) = await Commands.CommandLineTests.Invoke($"serve --config {Yaml} --port 0 --state {_temp.Path}/state {arguments}");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("CFG_BIND", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(_temp.Path, "state")));
    }

    [Fact]
    public async Task A_night_missed_while_nothing_ran_is_made_up_at_the_start()
    {
        Write(("a", "0 30 2 * * *"));
        DateTimeOffset old = DateTimeOffset.UtcNow.AddDays(-3);
        Warehouse.Open(Path.Join(_temp.Path, "a"))
            .Record(new RunRecord { RunId = "old", Pipeline = "a", StartedUtc = old, EndedUtc = old, Outcome = RunEnding.Unchanged, ExitCode = 0 });
        using Served served = await Served.Start($"serve --config {Yaml} --port 0");
        await Until(() => Runs("a") == 2);
        Assert.EndsWith("t023000z", Open("a").Current!.RunKey, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Terminated, await served.Signal("TERM"));
        Assert.Single(Open("a").Snapshots());
    }

    [Fact]
    public async Task A_port_that_is_taken_and_a_file_that_is_wrong_are_told()
    {
        Write(("a", "0 30 2 * * *"));
        using System.Net.Sockets.TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        (int code, _, string error) = await Commands.CommandLineTests.Invoke($"serve --config {Yaml} --state {_temp.Path}/state --port {port}");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("choose another --port", error, StringComparison.Ordinal);
        (code, _, error) = await Commands.CommandLineTests.Invoke($"serve --config {_temp.Path}/none.yaml");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("there is no such file", error, StringComparison.Ordinal);
        (code, _, error) = await Commands.CommandLineTests.Invoke("serve --port 70000");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("--port must be a whole number from 0 to 65535", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_and_a_user_without_a_home_are_told_with_the_way_out()
    {
        Write(("a", "0 30 2 * * *"));
        (int code, _, string error) = await Commands.CommandLineTests.Invoke(
            $"serve --config {Yaml} --port 0 --state {_temp.Path}/state --listen 192.0.2.1 --host verse.example --proxy 127.0.0.1");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("cannot listen on 192.0.2.1:0", error, StringComparison.Ordinal);
        Assert.Contains("`ip address` lists those", error, StringComparison.Ordinal);

        string[] serve = ["serve", "--config", Yaml, "--port", "0"];
        (code, error) = await WithoutHome(serve, "");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("no home to keep the accounts in; name a folder with --state", error, StringComparison.Ordinal);
        (code, error) = await WithoutHome(serve, _temp.File("no-folder", ""));
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("name a folder that can be written with --state", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error)> WithoutHome(string[] line, string home)
    {
        await using StringWriter error = new();
        Host.Commands.Terminal terminal = new(TextWriter.Null, error) { Environment = name => name == "HOME" ? home : null };
        return (await Host.Commands.CommandTree.Invoke(line, terminal, TimeProvider.System), error.ToString());
    }

    private void Write(params (string Name, string Cron)[] pipelines)
    {
        string text = "version: 1\npipelines:\n" + string.Concat(pipelines.Select(pipeline =>
            $"  {pipeline.Name}:\n    source: {{path: {dataset.Sound}}}\n    load: {{path: {pipeline.Name}}}\n"
                + $"    schedule: {{cron: '{pipeline.Cron}', seconds: true, time_zone: UTC}}\n"));
        File.WriteAllText(Yaml + ".new", text);
        File.Move(Yaml + ".new", Yaml, overwrite: true);
    }

    private Warehouse Open(string name) => Warehouse.OpenForReading(Path.Join(_temp.Path, name));

    private int Runs(string name) => Warehouse.Exists(Path.Join(_temp.Path, name)) ? Open(name).Runs().Count(run => run.EndedUtc is not null) : 0;

    private static async Task Until(Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, "it did not happen in time");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private sealed partial class Served : IDisposable
    {
        private readonly Process _process;
        private readonly System.Text.StringBuilder _error = new();

        private Served(Process process)
        {
            _process = process;
            process.ErrorDataReceived += (_, line) =>
            {
                lock (_error) _error.AppendLine(line.Data);
            };
            process.BeginErrorReadLine();
        }

        public string Url { get; private set; } = "";

        public string Error
        {
            get
            {
                lock (_error) return _error.ToString();
            }
        }

        public static async Task<Served> Start(string line)
        {
            // a test run in the background inherits an ignored SIGINT; the program must not
            ProcessStartInfo start = new("env", ["--default-signal=INT", "dotnet", Path.Join(AppContext.BaseDirectory, "verse-etl.dll"), .. line.Split(' ')])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            // it ends before a second compilation pays
            start.Environment["DOTNET_TC_CallCounting"] = "0";
            // beside the file of the pipelines, never in a home
            start.Environment["VERSEETL_STATE"] = Path.Join(Path.GetDirectoryName(line.Split(' ')[2]), "state");
            Served served = new(Process.Start(start)!);
            string said = await served._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
            served.Url = UrlPattern().Match(said).Value;
            Assert.StartsWith("http://127.0.0.1:", served.Url, StringComparison.Ordinal);
            return served;
        }

        public async Task<int> Signal(string signal)
        {
            using (Process kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }

        [GeneratedRegex("http://[0-9.]+:[0-9]+")]
        private static partial Regex UrlPattern();
    }
}
