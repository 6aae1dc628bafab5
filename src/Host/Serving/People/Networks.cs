using System.Net;
using System.Net.Sockets;

namespace VerseEtl.Host.Serving.People;

/// <summary>Who counts as one source: whoever has one address of such a network has them all.</summary>
internal static class Networks
{
    /// <summary>This machine as a whole; of IPv6 the /64; of IPv4 the address.</summary>
    public static string Of(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => Of(address.MapToIPv4()),
        _ when IPAddress.IsLoopback(address) => "loopback",
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"{new IPAddress([.. address.GetAddressBytes().AsSpan(0, 8), .. new byte[8]])}/64",
        _ => address.ToString(),
    };
}
