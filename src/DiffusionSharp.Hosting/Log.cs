using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Hosting;

/// <summary>What is said of pipelines in an application.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The pipeline '{Name}' is being loaded.")]
    public static partial void Loading(this ILogger logger, string name);

    [LoggerMessage(2, LogLevel.Information, "The pipeline '{Name}' is ready after {Seconds:0.0} s.")]
    public static partial void Loaded(this ILogger logger, string name, double seconds);

    [LoggerMessage(3, LogLevel.Error, "The pipeline '{Name}' could not be loaded: {Reason}")]
    public static partial void NotLoaded(this ILogger logger, Exception error, string name, string reason);

    [LoggerMessage(4, LogLevel.Information, "No step was taken to warm up: {Reason}")]
    public static partial void NotWarmedUp(this ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Warning, "The application ends while {Count} generations run; they are stopped.")]
    public static partial void Abandoned(this ILogger logger, int count);
}
