using System.Security.Cryptography;

namespace ActorTrading.Connectors.Outbound;

/// <summary>What tells a node from others of its cluster in the ids of what it alone has: made once, and kept in its folder.</summary>
internal static class NodeTag
{
    private const int Bytes = 6;

    /// <summary>Reads it, or makes it.</summary>
    public static string In(string folder, string name) =>
        KeptName.In(Path.Combine(folder, $"{name}.node"), static () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));
}
