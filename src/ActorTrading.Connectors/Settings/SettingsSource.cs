using Microsoft.Extensions.Configuration;

namespace ActorTrading.Connectors.Settings;

/// <summary>One source of settings, and the display form of a path in it: <c>node.json: connectors:ticks:topics</c>.</summary>
public sealed record SettingsSource(Func<string, string> Name, IConfiguration Values);
