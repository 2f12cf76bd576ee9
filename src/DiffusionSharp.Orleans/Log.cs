using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Orleans;

/// <summary>What silos say of their work.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The silo gets no jobs of '{Model}', and asks again.")]
    public static partial void CannotPull(this ILogger logger, string model, Exception error);

    [LoggerMessage(2, LogLevel.Warning, "The leases of jobs of '{Model}' are not renewed, and it is tried again.")]
    public static partial void CannotRenew(this ILogger logger, string model, Exception error);

    [LoggerMessage(3, LogLevel.Warning, "Attempt {Attempt} at the job '{Job}' failed.")]
    public static partial void Failed(this ILogger logger, string job, int attempt, Exception error);

    [LoggerMessage(4, LogLevel.Warning, "What has become of an attempt at the job '{Job}' cannot be told; another begins where it was saved.")]
    public static partial void CannotTell(this ILogger logger, string job, Exception error);
}
