using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Hosting.Tests.Support;

/// <summary>A model of 4x4 pixels, each of whose calls waits until it is let through.</summary>
internal sealed class GatedModel(bool isOpen = true)
{
    private int _through = isOpen ? int.MaxValue : 0;
    private int _loads;
    private int _calls;

    /// <summary>How often it was loaded.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>How often it was called.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>What happens before it is loaded.</summary>
    public Func<Task> BeforeLoad { get; set; } = () => Task.CompletedTask;

    /// <summary>As options take it.</summary>
    public async Task<DiffusionPipeline> LoadAsync()
    {
        Interlocked.Increment(ref _loads);
        await BeforeLoad();
        return DiffusionPipeline.CreateBuilder()
            .UsePixelSpace()
            .UseNoisePredictor(NoisePredictor.FromFunction((sample, timestep, plan, prediction) => Predict(sample, prediction)))
            .UseScheduler(new DdimScheduler(new DdimOptions { Eta = 1 }))
            .UseDefaults(new GenerationDefaults { Width = 4, Height = 4, Steps = 5 })
            .Build();
    }

    /// <summary>Lets all calls through.</summary>
    public void Open() => Volatile.Write(ref _through, int.MaxValue);

    /// <summary>Lets some calls through.</summary>
    public void Let(int calls) => Interlocked.Add(ref _through, calls);

    private void Predict(ReadOnlySpan<float> sample, Span<float> prediction)
    {
        int call = Interlocked.Increment(ref _calls);
        while (call > Volatile.Read(ref _through))
        {
            Thread.Sleep(1);
        }

        sample.CopyTo(prediction);
    }
}
