using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using VerseEtl.Host.Serving.People;

namespace VerseEtl.Host.Serving.Access;

/// <summary>
/// How many connections one network and all together may hold. A new one always gets in; beyond the limit the one that has been silent longest is closed for
/// it, first those on which nothing was asked, last those of people who are signed in. So whoever holds thousands loses their own, and a monitor gets through.
/// </summary>
/// <param name="proxies">Each stands for many, and is bound by the limit of all alone.</param>
internal sealed class ConnectionShares(IReadOnlyList<IPAddress> proxies)
{
    public const int OfOneNetwork = 250, OfAll = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<Place>> _networks = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Closed for others.</summary>
    public long Closed { get; private set; }

    public int Count
    {
        get
        {
            lock (_lock) return _count;
        }
    }

    /// <summary>Around a connection, below TLS.</summary>
    public async Task Hold(ConnectionContext connection, ConnectionDelegate next)
    {
        Place place = Enter(connection);
        connection.Features.Set(place);
        try
        {
            await next(connection);
        }
        finally
        {
            lock (_lock) Leave(place);
        }
    }

    /// <summary>Around a request: as long as it is answered its connection is not silent. One whose body is awaited is.</summary>
    public async Task Answer(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Place>() is not Place place)
        {
            await next(context);
            return;
        }
        bool whole = context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true };
        Heard(place, whole ? 1 : 0);
        try
        {
            await next(context);
        }
        finally
        {
            Heard(place, whole ? -1 : 0);
        }
    }

    /// <summary>Once it is known who asks.</summary>
    public static Task Recognise(HttpContext context, RequestDelegate next)
    {
        if (context.User.Identity is { IsAuthenticated: true } && context.Features.Get<Place>() is Place place) place.IsSignedIn = true;
        return next(context);
    }

    /// <summary>Closes all but those that are being answered, so that nobody who says little keeps the host from its end.</summary>
    public void CloseSilent()
    {
        Place[] silent;
        lock (_lock) silent = [.. _networks.Values.SelectMany(network => network).Where(place => place.Answered == 0)];
        foreach (Place place in silent) place.Connection.Abort(new ConnectionAbortedException("the host ends"));
    }

    private void Heard(Place place, int more)
    {
        lock (_lock)
        {
            place.Answered += more;
            if (!_networks.TryGetValue(place.Network, out LinkedList<Place>? own) || place.Node.List != own) return;
            own.Remove(place.Node);
            own.AddLast(place.Node);
        }
    }

    private Place Enter(ConnectionContext connection)
    {
        IPAddress? address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        bool isProxy = address is not null && proxies.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        Place place = new(connection, isProxy ? $"proxy {address}" : Networks.Of(address));
        Place? closed = null;
        lock (_lock)
        {
            if (!_networks.TryGetValue(place.Network, out LinkedList<Place>? own)) _networks[place.Network] = own = [];
            own.AddLast(place.Node);
            _count++;
            if (!isProxy && own.Count > OfOneNetwork) closed = Longest(own, place);
            else if (_count > OfAll) closed = Longest(_networks.Values.MaxBy(network => network.Count)!, place);
            if (closed is not null)
            {
                Leave(closed);
                Closed++;
            }
        }
        closed?.Connection.Abort(new ConnectionAbortedException("closed for others"));
        return place;
    }

    private static Place? Longest(LinkedList<Place> network, Place besides)
    {
        Place[] others = [.. network.Where(place => place != besides)];
        return others.FirstOrDefault(place => !place.IsSignedIn && place.Answered == 0) ?? others.FirstOrDefault(place => !place.IsSignedIn)
            ?? others.FirstOrDefault();
    }

    private void Leave(Place place)
    {
        if (place.Node.List is not LinkedList<Place> own) return;
        own.Remove(place.Node);
        _count--;
        if (own.Count == 0) _networks.Remove(place.Network);
    }

    /// <summary>A connection among those of its network, which are in the order of when they were last heard.</summary>
    private sealed class Place
    {
        public Place(ConnectionContext connection, string network) => (Connection, Network, Node) = (connection, network, new(this));

        public ConnectionContext Connection { get; }
        public string Network { get; }
        public LinkedListNode<Place> Node { get; }

        /// <summary>Requests that have come whole and are being answered.</summary>
        public int Answered { get; set; }

        public bool IsSignedIn { get; set; }
    }
}
