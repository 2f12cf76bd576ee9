using Microsoft.Extensions.Logging;

namespace DiffusionSharp.AspNetCore;

/// <summary>What is said while requests are answered.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The generation {Id} failed.")]
    public static partial void GenerationFailed(this ILogger logger, Exception exception, string id);

    [LoggerMessage(2, LogLevel.Error, "A request to {Path} failed.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string path);

    [LoggerMessage(3, LogLevel.Error, "The model '{Model}' could not be loaded.")]
    public static partial void ModelFailed(this ILogger logger, Exception exception, string model);

    [LoggerMessage(4, LogLevel.Warning, "A request to {Path} was refused: {Reason}")]
    public static partial void CallerRefused(this ILogger logger, string path, string reason);
}
