using System.Collections.Concurrent;
using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>A predictor and decoder of pixels that notices when it is used after its release, or released while it is used.</summary>
internal sealed class TrackedPart(ConcurrentQueue<string> violations) : INoisePredictor, ILatentDecoder, IDisposable
{
    private static readonly INoisePredictor Predictor = NoisePredictor.FromFunction(static (sample, timestep, plan, prediction) => sample.CopyTo(prediction));
    private int _users;
    private int _disposals;

    public int SizeMultiple => 1;

    public LatentSpace LatentSpace { get; } = LatentSpace.Pixels(3);

    public IPredictionRun Start(PredictionPlan plan)
    {
        Enter();
        return new Run(this, Predictor.Start(plan));
    }

    public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default)
    {
        Enter();
        Leave();
        return latents;
    }

    public void Dispose()
    {
        Require(Interlocked.Increment(ref _disposals) == 1, "released twice");
        Require(Volatile.Read(ref _users) == 0, "released while used");
    }

    public void AssertReleasedOnce() => Require(_disposals == 1 && _users == 0, $"released {_disposals} times, still used by {_users}");

    private void Enter()
    {
        Interlocked.Increment(ref _users);
        Require(Volatile.Read(ref _disposals) == 0, "used after its release");
    }

    private void Leave()
    {
        Require(Volatile.Read(ref _disposals) == 0, "released while used");
        Interlocked.Decrement(ref _users);
    }

    private void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            violations.Enqueue(otherwise);
        }
    }

    private sealed class Run(TrackedPart part, IPredictionRun run) : DelegatingPredictionRun(run)
    {
        protected override void Dispose(bool disposing)
        {
            part.Leave();
            base.Dispose(disposing);
        }
    }
}
