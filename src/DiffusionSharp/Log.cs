using Microsoft.Extensions.Logging;

namespace DiffusionSharp;

/// <summary>What is said while models are read.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Path}: the key '{Key}' is not used by {ClassName}.")]
    public static partial void KeyNotUsed(this ILogger logger, string path, string key, string className);

    [LoggerMessage(2, LogLevel.Information, "{Path}: the key '{Key}' is {Found}, which is outdated; {Used} is used, as diffusers does.")]
    public static partial void Corrected(this ILogger logger, string path, string key, string found, string used);
}
