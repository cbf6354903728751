namespace ActorTrading.Wire.Text;

/// <summary>
/// The numbered channels of a connection to an exchange, as named in its subscription confirmations; later messages contain only the
/// number. Stores the recent trades of each channel, since Bitfinex sends each twice. Not thread-safe.
/// </summary>
internal sealed class Channels
{
    private const int MostChannels = 4096;

    private readonly Dictionary<long, Channel> byNumber = [];

    /// <summary>Whether any channel is stored: then the meaning of later messages depends on it.</summary>
    public bool IsUsed => byNumber.Count > 0;

    /// <summary>Sets or replaces the name of a channel.</summary>
    public void Name(long number, string name, byte[]? symbol)
    {
        if (byNumber.Count < MostChannels || byNumber.ContainsKey(number)) byNumber[number] = new Channel(name, symbol);
    }

    /// <summary>The channel of that number; without a name if none was received.</summary>
    public Channel Get(long number)
    {
        if (byNumber.TryGetValue(number, out var channel)) return channel;
        channel = new Channel("", null);
        if (byNumber.Count < MostChannels) byNumber[number] = channel;
        return channel;
    }

    /// <summary>One channel: its name, and its symbol if known.</summary>
    internal sealed class Channel(string name, byte[]? symbol)
    {
        private const int Remembered = 256;

        private readonly Queue<long> order = [];
        private readonly HashSet<long> trades = [];

        public string Name { get; } = name;

        public byte[]? Symbol { get; } = symbol;

        /// <summary>Stores a trade; false if it is one of the last stored ones.</summary>
        public bool TryAddTrade(long id)
        {
            if (!trades.Add(id)) return false;
            order.Enqueue(id);
            if (order.Count > Remembered) trades.Remove(order.Dequeue());
            return true;
        }
    }
}
