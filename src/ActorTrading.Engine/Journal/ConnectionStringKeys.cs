using System.Data.Common;

namespace ActorTrading.Engine.Journal;

/// <summary>Parses the keywords of a text that may be a connection string.</summary>
internal static class ConnectionStringKeys
{
    /// <summary>Its keywords in lower case; empty if it is not a connection string.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        if (!text.Contains('=')) return [];
        try
        {
            return [.. new DbConnectionStringBuilder { ConnectionString = text }.Keys.Cast<string>().Select(key => key.ToLowerInvariant())];
        }
        catch (ArgumentException)
        {
            return [];
        }
    }
}
