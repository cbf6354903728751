namespace ActorTrading.Connectors.Exchanges.Books;

/// <summary>CRC-32 of IEEE 802.3, over ASCII characters.</summary>
internal struct Crc32
{
    private static readonly uint[] Table = MakeTable();

    private uint state;

    /// <summary>The checksum so far.</summary>
    public readonly uint Value => state;

    /// <summary>Adds characters.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var sum = ~state;
        foreach (var character in text) sum = Table[(byte)(sum ^ character)] ^ (sum >> 8);
        state = ~sum;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var entry = i;
            for (var bit = 0; bit < 8; bit++) entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ 0xEDB88320;
            table[i] = entry;
        }

        return table;
    }
}
