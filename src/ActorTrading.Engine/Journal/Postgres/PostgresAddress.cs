using System.Data.Common;
using Npgsql;

namespace ActorTrading.Engine.Journal.Postgres;

/// <summary>Addresses of a PostgreSQL database: a connection string of Npgsql, or a URI.</summary>
internal static class PostgresAddress
{
    private const int DefaultPoolSize = 12;

    private static readonly string[] HostKeys = ["host", "server"];
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    /// <summary>Whether the address is of PostgreSQL.</summary>
    public static bool Is(string address) =>
        Schemes.Any(scheme => address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        || ConnectionStringKeys.Of(address).Any(key => HostKeys.Contains(key));

    /// <summary>Parses the address. Error messages contain no part of it, because it may contain a password.</summary>
    public static NpgsqlConnectionStringBuilder Parse(string address)
    {
        try
        {
            var builder = address.Contains("://", StringComparison.Ordinal)
                ? OfUri(new Uri(address))
                : new NpgsqlConnectionStringBuilder(address);

            // A server accepts 100 clients by default, shared by several nodes: further commands wait for a free connection.
            if (!builder.Keys.Contains("Maximum Pool Size")) builder.MaxPoolSize = DefaultPoolSize;
            return builder;
        }
        catch (Exception e)
            when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            throw new JournalException(JournalFailure.Incompatible,
                "The address of the journal is not a valid connection string of PostgreSQL, "
                + "such as Host=db;Database=trading;Username=node or postgres://node@db/trading.");
        }
    }

    private static NpgsqlConnectionStringBuilder OfUri(Uri uri)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = Uri.UnescapeDataString(uri.Host) };
        if (uri.Port > 0) builder.Port = uri.Port;
        if (uri.AbsolutePath.Length > 1) builder.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        string[] user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0) builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (string parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = parameter.Split('=', 2);
            string key = Uri.UnescapeDataString(pair[0]), value = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "";
            // libpq's names and values that differ in Npgsql.
            if (key == "connect_timeout") key = "Timeout";
            if (key == "sslmode") value = value.Replace("-", "", StringComparison.Ordinal);
            ((DbConnectionStringBuilder)builder)[key.Replace('_', ' ')] = value;
        }
        return builder;
    }
}
