using System.Security.Cryptography;

namespace ActorTrading.Connectors.Outbound;

/// <summary>
/// A unique tag of a node within its cluster, for the ids of results that only this node has. Generated once and stored in the node's
/// folder.
/// </summary>
internal static class NodeTag
{
    private const int Bytes = 6;

    /// <summary>Reads the tag, or generates and stores it.</summary>
    public static string In(string folder, string name) =>
        KeptName.In(Path.Combine(folder, $"{name}.node"), static () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));
}
