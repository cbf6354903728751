using System.Data.Common;

namespace ActorTrading.Engine.Journal;

/// <summary>What a text that may be a connection string speaks of.</summary>
internal static class ConnectionStringKeys
{
    /// <summary>Its keywords in lower case; none if it is no connection string.</summary>
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
