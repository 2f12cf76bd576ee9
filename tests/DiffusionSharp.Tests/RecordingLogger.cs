using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Tests;

/// <summary>Keeps the lines that are logged, from all threads.</summary>
internal sealed class RecordingLogger : ILogger, ILoggerFactory
{
    private readonly List<(LogLevel Level, string Line)> _entries = [];

    /// <summary>Warnings and worse.</summary>
    public IReadOnlyList<string> Warnings => [.. Entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Line)];

    public IReadOnlyList<string> Lines => [.. Entries.Select(entry => entry.Line)];

    private (LogLevel Level, string Line)[] Entries
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries];
            }
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_entries)
        {
            _entries.Add((logLevel, formatter(state, exception)));
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
