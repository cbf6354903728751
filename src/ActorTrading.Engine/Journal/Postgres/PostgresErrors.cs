using Npgsql;

namespace ActorTrading.Engine.Journal.Postgres;

/// <summary>
/// Maps exceptions of the server and the driver to journal failures. Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
/// </summary>
internal static class PostgresErrors
{
    /// <summary>The journal exception for an exception of the driver.</summary>
    public static JournalException Failure(string location, NpgsqlException e)
    {
        // The driver's message names the host and the problem, never the password.
        string text = e is PostgresException said ? $"{said.MessageText} (SQLSTATE {said.SqlState})" : e.Message;
        return new JournalException(Kind(e), $"{location}: {text}", e);
    }

    /// <summary>Whether the server, after a COMMIT, reported for certain that the transaction was not committed.</summary>
    public static bool SaysNotCommitted(NpgsqlException e) => e is PostgresException { InvariantSeverity: "ERROR" };

    private static JournalFailure Kind(NpgsqlException e) => e is not PostgresException { SqlState: var state }
        ? JournalFailure.Unavailable
        : state switch
        {
            PostgresErrorCodes.DiskFull => JournalFailure.Full,
            PostgresErrorCodes.ReadOnlySqlTransaction => JournalFailure.ReadOnly,
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure =>
                JournalFailure.Locked,
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
                or PostgresErrorCodes.InsufficientPrivilege => JournalFailure.Denied,
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => JournalFailure.Corrupt,
            PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.QueryCanceled => JournalFailure.Unavailable,
            _ => state[..2] switch
            {
                "08" or "53" or "57" or "58" => JournalFailure.Unavailable, // connection, resources, operator, system
                "42" => JournalFailure.Incompatible,                        // a table or column differs from the expected one
                _ => JournalFailure.Other,
            },
        };
}
