using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace DiffusionSharp.Orleans.Tests.Support;

/// <summary>What a cluster stores, which outlives its silos.</summary>
internal sealed class StoredState
{
    public ConcurrentDictionary<(string Name, GrainId Grain), (byte[] Bytes, int Version)> Records { get; } = [];

    /// <summary>How many writes there were of records of a name.</summary>
    public ConcurrentDictionary<string, int> Writes { get; } = [];

    /// <summary>Whether a write is stored and yet seems to have failed, by the name of the record, the key of its grain, and which write of it this is, from 1.</summary>
    public Func<string, string, int, bool> LosesAnswer { get; set; } = (_, _, _) => false;

    /// <summary>The keys of the grains whose answers were lost.</summary>
    public ConcurrentBag<string> Lost { get; } = [];

    /// <summary>Lets it look as if another activation had written a record.</summary>
    public void Touch(string name, string key)
    {
        foreach (((string Name, GrainId Grain) at, (byte[] bytes, int version)) in Records.Where(record => record.Key.Name == name && record.Key.Grain.Key.ToString() == key))
        {
            Records[at] = (bytes, version + 1);
        }
    }
}

/// <summary>The storage of one silo, with ETags.</summary>
internal sealed class SharedStorage(StoredState stored, Serializer serializer) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (stored.Records.TryGetValue((stateName, grainId), out (byte[] Bytes, int Version) record))
        {
            grainState.RecordExists = record.Bytes.Length > 0;
            grainState.State = grainState.RecordExists ? serializer.Deserialize<T>(record.Bytes) : Activator.CreateInstance<T>();
            grainState.ETag = $"{record.Version}";
        }
        else
        {
            (grainState.State, grainState.RecordExists, grainState.ETag) = (Activator.CreateInstance<T>(), false, null);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Write(stateName, grainId, grainState, serializer.SerializeToArray(grainState.State));
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Write(stateName, grainId, grainState, []);
        (grainState.State, grainState.RecordExists) = (Activator.CreateInstance<T>(), false);
        return Task.CompletedTask;
    }

    private void Write<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[] bytes)
    {
        lock (stored)
        {
            int version = stored.Records.TryGetValue((stateName, grainId), out (byte[] Bytes, int Version) record) ? record.Version : 0;
            if (grainState.ETag != (version == 0 ? null : $"{version}"))
            {
                throw new InconsistentStateException($"{stateName} of {grainId} was written by another.", $"{version}", grainState.ETag ?? "");
            }

            stored.Records[(stateName, grainId)] = (bytes, ++version);
            stored.Writes.AddOrUpdate(stateName, 1, (_, count) => count + 1);
            grainState.ETag = $"{version}";
            string key = grainId.Key.ToString()!;
            if (stored.LosesAnswer(stateName, key, version))
            {
                stored.Lost.Add(key);
                throw new IOException("The answer was lost.");
            }
        }
    }
}
