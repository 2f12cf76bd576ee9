using DiffusionSharp.Prediction;
using DiffusionSharp.Serialization;

namespace DiffusionSharp.Orleans;

/// <summary>How a silo takes part in a farm. What concerns jobs and queues has to be the same in all silos, since any of them may hold these.</summary>
public sealed class FarmOptions
{
    /// <summary>The models that this silo works for, by the names of its host's pipelines. All of them when null; with none it only holds jobs and queues.</summary>
    public IReadOnlyList<string>? Models { get; set; }

    /// <summary>How often a job is begun without getting any further before it is given up, at least 1: that is what a job does that kills its silo.</summary>
    public int MaxTries { get; set; } = 3;

    /// <summary>After how long without a word a silo loses its jobs, at least 5 s. One that the cluster declares dead loses them at once.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most jobs of a model that wait or run, at least 1. Every change of a queue is a write of all their names.</summary>
    public int QueueLength { get; set; } = 10_000;

    /// <summary>The most jobs of a tenant that wait or run for a model, at least 1.</summary>
    public int QueueLengthPerTenant { get; set; } = int.MaxValue;

    /// <summary>How many jobs a tenant may submit for a model in a minute, above 0; any number when null.</summary>
    public double? SubmissionsPerMinute { get; set; }

    /// <summary>How many of these may come at once, at least 1.</summary>
    public int SubmissionBurst { get; set; } = 10;

    /// <summary>How model calls are merged for jobs that share them (<see cref="GenerationOrder.SharesModelCalls"/>).</summary>
    public BatchingOptions Batching { get; set; } = new();

    /// <summary>Knows the types of outsiders in requests.</summary>
    public GenerationRequestJson RequestJson { get; set; } = GenerationRequestJson.Default;

    /// <summary>What is wrong; null where nothing is.</summary>
    internal string? Problem()
    {
        (string Name, bool IsRight, string Range)[] rules =
        [
            (nameof(MaxTries), MaxTries >= 1, "at least 1"),
            (nameof(LeaseDuration), LeaseDuration >= TimeSpan.FromSeconds(5), "at least 5 seconds"),
            (nameof(QueueLength), QueueLength >= 1, "at least 1"),
            (nameof(QueueLengthPerTenant), QueueLengthPerTenant >= 1, "at least 1"),
            (nameof(SubmissionsPerMinute), SubmissionsPerMinute is null or (> 0 and < double.PositiveInfinity), "above 0"),
            (nameof(SubmissionBurst), SubmissionBurst >= 1, "at least 1"),
        ];
        return rules.FirstOrDefault(rule => !rule.IsRight) is { Name: { } name, Range: { } range } ? $"{nameof(FarmOptions)}.{name} must be {range}." : null;
    }
}
