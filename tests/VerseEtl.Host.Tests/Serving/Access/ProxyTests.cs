using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Tests.Serving.Access;

/// <summary>TLS, by the program itself and by a proxy in front of it.</summary>
public sealed class ProxyTests
{
    private static readonly (string, string)[] Proxied = [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("Host", "verse.example")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_named_proxy_may_ask_and_only_for_encrypted_visitors()
    {
        // the clients' own addresses are 127.1.0.n; the first one is the proxy
        await using ServedPages pages = await ServedPages.Start(null, options =>
            options with { Proxies = [IPAddress.Parse("127.1.0.1")], Hosts = ["verse.example"] });
        using HttpClient proxy = pages.Client(Proxied), stranger = pages.Client(Proxied), monitor = pages.Client();
        using HttpResponseMessage form = await proxy.GetAsync("/sign-in", Token);
        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
        Assert.Contains("secure", form.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        Assert.StartsWith("__Host-", form.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        Assert.Equal("max-age=31536000", form.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.Equal(HttpStatusCode.Redirect, (await proxy.GetAsync("/", Token)).StatusCode);
        // counts are for collectors here, not for those behind the proxy
        Assert.Equal(HttpStatusCode.Redirect, (await proxy.GetAsync("/metrics", Token)).StatusCode);

        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync("/sign-in", Token)).StatusCode);
        foreach (string path in new[] { "/health/live", "/health/ready", "/metrics" })
            Assert.Equal(HttpStatusCode.OK, (await monitor.GetAsync(path, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await monitor.GetAsync("/", Token)).StatusCode);
        using HttpRequestMessage plain = new(HttpMethod.Get, "/sign-in") { Headers = { { "Host", "verse.example" } } };
        using HttpClient bare = new() { BaseAddress = pages.Url };
        Assert.Equal(HttpStatusCode.Forbidden, (await bare.SendAsync(plain, Token)).StatusCode);
    }

    [Fact]
    public async Task Behind_the_proxy_tries_are_counted_by_visitor_and_a_forged_chain_does_not_help()
    {
        await using ServedPages pages = await ServedPages.Start(null, options =>
            options with { Proxies = [IPAddress.Parse("127.1.0.1")], Hosts = ["verse.example"], TriesPerMinute = SignIn.TriesPerMinute });
        using HttpClient proxy = pages.Client(("X-Forwarded-Proto", "https"), ("Host", "verse.example"));
        List<HttpStatusCode> answers = [];
        for (int tries = 0; tries < 3 * SignIn.TriesPerMinute; tries++) answers.Add(await Try($"198.51.100.{tries}, 203.0.113.7"));
        // a minute may turn in between
        Assert.InRange(answers.Count(answer => answer == HttpStatusCode.Forbidden), SignIn.TriesPerMinute, 2 * SignIn.TriesPerMinute);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(HttpStatusCode.Forbidden, await Try("203.0.113.8"));

        // 403: no token with it; 429: not even heard
        async Task<HttpStatusCode> Try(string visitor)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/sign-in") { Headers = { { "X-Forwarded-For", visitor } } };
            using HttpResponseMessage answer = await proxy.SendAsync(request, Token);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task With_a_certificate_the_pages_are_encrypted_and_a_sign_in_works()
    {
        using TempFolder temp = new();
        using RSA key = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=verse.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string certificateFile = temp.File("c.pem", certificate.ExportCertificatePem()), keyFile = temp.File("k.pem", key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead);
        await using ServedPages pages = await ServedPages.Start(null, options =>
            options with { Certificate = certificateFile, CertificateKey = keyFile, Hosts = ["verse.example"] }, certificate);
        Assert.Equal("https", pages.Url.Scheme);
        Assert.Null(await Handshake(pages, certificate, SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384));
        Assert.Equal(SslProtocols.Tls12, await Handshake(pages, certificate, SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384));
        Assert.Equal(SslProtocols.Tls13, await Handshake(pages, certificate, SslProtocols.Tls13, TlsCipherSuite.TLS_AES_256_GCM_SHA384));
        using HttpClient client = pages.Client(("Host", "verse.example"));
        using HttpResponseMessage answer = await ServedPages.SignIn(client, Role.Operator, pages.OperatorPassword);
        string cookie = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("__Host-verse-etl=", StringComparison.Ordinal));
        Assert.Contains("secure", cookie, StringComparison.Ordinal);
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));

        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        await Assert.ThrowsAsync<IOException>(() =>
            ServedPages.Start(null, options => options with { Certificate = certificateFile, CertificateKey = keyFile, Hosts = ["verse.example"] }));
    }

    /// <returns>Null where the host does not take it.</returns>
    private static async Task<SslProtocols?> Handshake(ServedPages pages, X509Certificate2 trusted, SslProtocols protocol, TlsCipherSuite cipher)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync(IPAddress.Loopback, pages.Url.Port, Token);
        await using SslStream stream = new(connection.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "verse.example",
                EnabledSslProtocols = protocol,
                CipherSuitesPolicy = new CipherSuitesPolicy([cipher]),
                RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.GetCertHashString() == trusted.GetCertHashString(),
            }, Token);
            return stream.SslProtocol;
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            return null;
        }
    }

    [Fact]
    public async Task Without_a_sign_in_anybody_here_may_look_and_nobody_act()
    {
        await using ServedPages pages = await ServedPages.Start(null, options => options with { SignInToLook = false });
        using HttpClient client = pages.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/", Token)).StatusCode);
        Assert.StartsWith("/sign-in?", (await client.GetAsync("/pipelines/a/run", Token)).Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("/pipelines/a/run", null, Token)).StatusCode);
        using HttpClient acting = await pages.SignedIn(Role.Operator);
        Assert.Equal(HttpStatusCode.OK, (await acting.GetAsync("/pipelines/a/run", Token)).StatusCode);
        using HttpClient proxied = pages.Client(("X-Forwarded-For", "203.0.113.7"));
        Assert.Equal(HttpStatusCode.Forbidden, (await proxied.GetAsync("/", Token)).StatusCode);
    }
}
