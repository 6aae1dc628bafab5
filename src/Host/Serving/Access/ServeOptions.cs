using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using VerseEtl.Host.Configuration;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Serving.Access;

/// <summary>Where `serve` listens, who stands between it and a browser, and who must sign in.</summary>
internal sealed record ServeOptions
{
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Names by which browsers may ask for the pages, beside this machine's loopback names.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>PEM files; null serves plain HTTP.</summary>
    public string? Certificate { get; init; }
    public string? CertificateKey { get; init; }

    /// <summary>The only machines that requests come from, each of which ends TLS; none means browsers come by themselves.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [];

    /// <summary>False lets anybody who gets through look; to change something takes the operator all the same.</summary>
    public bool SignInToLook { get; init; } = true;

    /// <summary>Holds the accounts, the trail, and where no database is shared the sessions.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Tries at a password that are heard of one network.</summary>
    public int TriesPerMinute { get; init; } = SignIn.TriesPerMinute;

    /// <summary>Of every cookie: browsers take `__Host-` only from this host over TLS.</summary>
    public string CookiePrefix => IsEncrypted ? "__Host-" : "";

    /// <summary>What a browser sees is encrypted, by this program or by the proxy.</summary>
    public bool IsEncrypted => Certificate is not null || Proxies.Count > 0;

    /// <summary>A page's address for its readers: by the first name they may use, through the proxy if there is one.</summary>
    public string? Link(IServer server, string path)
    {
        string? own = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (!Uri.TryCreate(own, UriKind.Absolute, out Uri? bound)) return null;
        string host = Hosts.Count > 0 ? Hosts[0] : bound.Host;
        if (Proxies.Count > 0) return $"https://{host}{path}";
        return Invariant($"{bound.Scheme}://{host}:{bound.Port}{path}");
    }

    public IReadOnlyList<string> AllowedHosts
    {
        get
        {
            List<string> hosts = ["localhost", "127.0.0.1", "[::1]", .. Hosts];
            if (!IsAny(Address)) hosts.Add(Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Address}]" : Address.ToString());
            return hosts;
        }
    }

    /// <summary>Why this must not be served, as CFG_BIND; none if it may.</summary>
    public IReadOnlyList<ConfigProblem> Objections()
    {
        List<string> wrong = [];
        bool local = IPAddress.IsLoopback(Address);
        if (!local && !IsEncrypted)
            wrong.Add($"{Address} can be reached from other machines; give --certificate and --certificate-key for TLS, "
                + $"or name with --proxy the one that ends TLS in front of it");
        if (!local && !SignInToLook && Proxies.Count == 0)
            wrong.Add($"{Address} can be reached from other machines, so --no-sign-in needs a --proxy that asks who they are");
        if ((!local || Proxies.Count > 0) && Hosts.Count == 0)
            wrong.Add("name with --host what browsers type to reach the pages; other names are refused");
        foreach (string name in Hosts.Where(name => !IsName(name)))
            wrong.Add($"--host {Finding.OneLine(name)} is no name of one host; give each name that browsers type, without port or wildcard");
        if (Certificate is null != CertificateKey is null) wrong.Add("--certificate and --certificate-key need each other");
        if (Certificate is not null && Proxies.Count > 0) wrong.Add("--certificate and --proxy exclude each other: TLS ends either here or there");
        return [.. wrong.Select(message => ConfigProblem.OnCommandLine(ConfigCodes.Bind, message))];
    }

    /// <summary>The certificate with its key, then those that vouch for it.</summary>
    /// <exception cref="IOException">The files cannot be read, or others may read the key.</exception>
    /// <exception cref="CryptographicException">They are not a certificate and its key.</exception>
    public (X509Certificate2 Own, X509Certificate2Collection Chain)? LoadCertificate()
    {
        if (Certificate is null || CertificateKey is null) return null;
        string text = File.ReadAllText(Certificate);
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(text);
        return (X509Certificate2.CreateFromPem(text, SecretFile.Read(CertificateKey)), chain);
    }

    // the framework takes *, [::] and 0.0.0.0 for every name, and *.example.org for every one below it
    private static bool IsName(string name)
    {
        UriHostNameType type = Uri.CheckHostName(name);
        if (type == UriHostNameType.IPv6 && !name.StartsWith('[')) return false;
        return type is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
            && !(IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? address) && IsAny(address));
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
