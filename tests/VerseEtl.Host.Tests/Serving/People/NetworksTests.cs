using System.Net;
using VerseEtl.Host.Serving.People;

namespace VerseEtl.Host.Tests.Serving.People;

public sealed class NetworksTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.255.1.9", true)]
    [InlineData("127.0.0.1", "::1", true)]
    [InlineData("127.0.0.1", "::ffff:127.3.4.5", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "127.0.0.1", false)]
    public void Addresses_that_one_may_have_all_count_as_one(string one, string other, bool same) =>
        Assert.Equal(same, Networks.Of(IPAddress.Parse(one)) == Networks.Of(IPAddress.Parse(other)));
}
