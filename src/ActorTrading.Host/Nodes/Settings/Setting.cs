namespace ActorTrading.Host.Nodes.Settings;

/// <summary>
/// A setting of one type of options: its key path, the function that applies its text, and the command-line option when that has a
/// different name. An invalid text throws a <see cref="FormatException"/> that says what would be right.
/// </summary>
internal sealed record Setting<T>(string Key, Func<T, string, T> Apply, string? Option = null);

/// <summary>Joins the settings of the parts of options to those of the whole.</summary>
internal static class SettingParts
{
    /// <summary>The same settings as those of options of which these are a part.</summary>
    public static IEnumerable<Setting<TWhole>> Of<TWhole, T>(
        this IEnumerable<Setting<T>> settings, Func<TWhole, T> part, Func<TWhole, T, TWhole> put) =>
        settings.Select(setting => new Setting<TWhole>(
            setting.Key, (whole, text) => put(whole, setting.Apply(part(whole), text)), setting.Option));
}
