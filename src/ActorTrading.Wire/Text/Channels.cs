namespace ActorTrading.Wire.Text;

/// <summary>
/// The numbered channels of a connection to an exchange, as its confirmations of subscriptions named them: later messages
/// give the number only. Remembers which trades each had, since Bitfinex tells each twice. Not safe for several threads.
/// </summary>
internal sealed class Channels
{
    private const int MostChannels = 4096;

    private readonly Dictionary<long, Channel> byNumber = [];

    /// <summary>Whether anything was learned or remembered: what later messages mean depends on it.</summary>
    public bool IsUsed => byNumber.Count > 0;

    /// <summary>Names a channel; one that has a name gets the new one.</summary>
    public void Name(long number, string name, byte[]? symbol)
    {
        if (byNumber.Count < MostChannels || byNumber.ContainsKey(number)) byNumber[number] = new Channel(name, symbol);
    }

    /// <summary>The channel of that number; one without a name where none was told.</summary>
    public Channel Get(long number)
    {
        if (byNumber.TryGetValue(number, out var channel)) return channel;
        channel = new Channel("", null);
        if (byNumber.Count < MostChannels) byNumber[number] = channel;
        return channel;
    }

    /// <summary>One channel: what it is of, by its name, and its symbol where that is known.</summary>
    internal sealed class Channel(string name, byte[]? symbol)
    {
        private const int Remembered = 256;

        private readonly Queue<long> order = [];
        private readonly HashSet<long> trades = [];

        public string Name { get; } = name;

        public byte[]? Symbol { get; } = symbol;

        /// <summary>Notes a trade; false where it is one of the last that were noted.</summary>
        public bool TryAddTrade(long id)
        {
            if (!trades.Add(id)) return false;
            order.Enqueue(id);
            if (order.Count > Remembered) trades.Remove(order.Dequeue());
            return true;
        }
    }
}
