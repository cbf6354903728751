namespace ActorTrading.Engine.Journal.Sqlite;

/// <summary>Creates the file of a journal, and reports what prevents it.</summary>
internal static class SqliteFile
{
    /// <summary>Refuses to open the remnants of a journal as a new one.</summary>
    public static void RefuseRemnants(string path, params ReadOnlySpan<string> remnants)
    {
        if (File.Exists(path)) return;
        foreach (var remnant in remnants)
        {
            if (new FileInfo(remnant) is { Exists: true, Length: > 0 })
                throw new JournalException(JournalFailure.Unavailable,
                    $"{path}: the file is missing, but {remnant} exists: restore the journal file, "
                    + "or move the other file away to start a new journal.");
        }
    }

    /// <summary>Creates the directory, and checks that files can be created in it.</summary>
    public static void MakeDirectory(string path)
    {
        string directory = Path.GetDirectoryName(path)!;
        try
        {
            PrivateFiles.CreateFolder(directory);
            // SQLite would only report that it cannot open the file, not the reason.
            string probe = Path.Combine(directory, $".{Guid.NewGuid():N}.probe");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            const int noSpace = 28; // ENOSPC
            throw new JournalException((e.HResult & 0xffff) == noSpace ? JournalFailure.Full : JournalFailure.ReadOnly,
                $"{directory}: no file can be created there: {e.Message}", e);
        }
    }

    /// <summary>Creates the file with access for its owner only; SQLite gives its log files the same mode.</summary>
    public static void Make(string path)
    {
        try
        {
            PrivateFiles.CreateEmpty(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(JournalFailure.ReadOnly, $"{path}: it cannot be created: {e.Message}", e);
        }
    }
}
