using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using Azure.Storage.Blobs;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Objects;
using VerseEtl.Load.Objects;

namespace VerseEtl.Host.Tests.Objects;

/// <summary>
/// Object stores as they are run: Ceph's S3 gateway from Debian, and Azurite, Microsoft's own for tests, from npm. Started when first asked for, ended
/// with the tests.
/// </summary>
public sealed class ObjectServers : IAsyncLifetime
{
    private const string AzuriteVersion = "3.37.0", Account = "devstoreaccount1";

    // Azurite's own, the same everywhere
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly TempFolder _temp = new();
    private readonly Lock _starting = new();
    private readonly List<int> _started = [];
    private int? _ceph, _azurite;

    public static IReadOnlyList<string> Schemes { get; } = [ObjectUrl.S3, ObjectUrl.Azure];

    public ValueTask InitializeAsync()
    {
        // the SDK's own way; nothing else here asks for them
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AK");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "SK");
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (int id in _started)
        {
            try
            {
                using Process process = Process.GetProcessById(id);
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
            catch (ArgumentException)
            {
                // it has ended
            }
        }
        _temp.Dispose();
    }

    /// <summary>The port a store listens on.</summary>
    public int Port(string scheme)
    {
        lock (_starting) return scheme == ObjectUrl.S3 ? _ceph ??= StartCeph() : _azurite ??= StartAzurite();
    }

    /// <summary>What the environment of a process says that is to find a store.</summary>
    /// <param name="port">Of the store, or of what stands before it.</param>
    public static IReadOnlyDictionary<string, string> Environ(string scheme, int port) => scheme == ObjectUrl.S3
        ? new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "AK", ["AWS_SECRET_ACCESS_KEY"] = "SK", ["AWS_ENDPOINT_URL"] = $"http://127.0.0.1:{port}" }
        : new Dictionary<string, string>
        {
            ["AZURE_STORAGE_CONNECTION_STRING"] = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};"
                + $"BlobEndpoint=http://127.0.0.1:{port}/{Account};",
        };

    /// <summary>A place to read from.</summary>
    /// <param name="place">Container and prefix, with '/' between.</param>
    /// <param name="port">Of what stands before the store; null asks it directly.</param>
    internal IObjectSource Source(string scheme, string place, int? port = null) => (IObjectSource)At(scheme, place, port);

    /// <summary>A place to put things.</summary>
    /// <inheritdoc cref="Source"/>
    internal IObjectStore Store(string scheme, string place, int? port = null) => (IObjectStore)At(scheme, place, port);

    private object At(string scheme, string place, int? port)
    {
        ObjectUrl url = ObjectUrl.Of($"{scheme}://{place}");
        return scheme == ObjectUrl.S3
            ? new S3Objects(S3(port ?? Port(scheme)), url) : new AzureObjects(Azure(port ?? Port(scheme), url.Container), url);
    }

    /// <summary>A bucket or container of its own, empty.</summary>
    public async Task<string> NewContainer(string scheme)
    {
        string name = $"t{Guid.NewGuid():N}";
        if (scheme == ObjectUrl.S3) await S3(Port(scheme)).PutBucketAsync(name);
        else await Azure(Port(scheme), name).CreateAsync();
        return name;
    }

    internal static AmazonS3Client S3(int port) => S3Objects.Client(Environ(ObjectUrl.S3, port).GetValueOrDefault);

    internal static BlobContainerClient Azure(int port, string container) =>
        AzureObjects.Client(container, Environ(ObjectUrl.Azure, port).GetValueOrDefault)!;

    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private int StartCeph()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/radosgw") && File.Exists("/usr/bin/ceph-osd"),
            "Ceph is not installed (Debian: apt-get install radosgw ceph-mon ceph-osd ceph-mgr ceph-common)");
        int port = FreePort();
        string folder = _temp.Folder("ceph");
        try
        {
            Run(Path.Join(Repository.Root, "eng/ceph-start"), [folder, port.ToString(CultureInfo.InvariantCulture)]);
        }
        finally
        {
            string pids = Path.Join(folder, "pids");
            if (File.Exists(pids)) _started.AddRange(File.ReadAllLines(pids).Select(int.Parse));
        }
        return port;
    }

    private int StartAzurite()
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string installed = Path.Combine(cache, "verse-etl", $"azurite-{AzuriteVersion}"), program = Path.Join(installed, "node_modules/.bin/azurite-blob");
        if (!File.Exists(program))
        {
            Directory.CreateDirectory(installed);
            File.WriteAllText(Path.Join(installed, "package.json"), "{}");
            try
            {
                Run("npm", ["install", "--prefix", installed, "--no-audit", "--no-fund", "--ignore-scripts", $"azurite@{AzuriteVersion}"]);
            }
            catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                Assert.Skip($"Azurite cannot be installed: {error.Message}");
            }
        }
        int port = FreePort();
        ProcessStartInfo start = new("node", [program, "--blobPort", port.ToString(CultureInfo.InvariantCulture), "--location",
            _temp.Folder("azurite"), "--silent", "--skipApiVersionCheck"])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _started.Add(process.Id);
        for (int tries = 0; ; tries++)
        {
            try
            {
                using TcpClient probe = new("127.0.0.1", port);
                return port;
            }
            catch (SocketException) when (tries < 300 && !process.HasExited)
            {
                Thread.Sleep(100);
            }
        }
    }

    private static void Run(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]))!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException(Invariant($"{program} ended with {process.ExitCode}"));
    }
}
