using DiffusionSharp.Latents;

namespace DiffusionSharp.Prediction;

/// <summary>
/// Predicts a large sample in overlapping windows and averages them (MultiDiffusion, Bar-Tal et al. 2023, arXiv:2302.08113, eq. 5), for panoramas
/// and for pictures that tile a plane: the network sees the size that it was trained at. The weights of the average fall to 0 towards the edge
/// of a window. Averaging predictions equals averaging the windows' next samples, as the paper does, wherever a step is linear in the
/// prediction, which it is without clipping.
/// </summary>
/// <remarks>
/// Every window has a run of its own, so that what a run remembers belongs to one window. Condition parts with a
/// <see cref="Conditions.ConditionPart.SpatialScale"/> are cropped to the window; all others are those of the whole.
/// </remarks>
public sealed class WindowedNoisePredictor : DelegatingNoisePredictor
{
    private readonly WindowOptions _options;

    /// <summary>Wraps a predictor.</summary>
    /// <param name="predictor">Predicts the windows.</param>
    /// <param name="options">The windows.</param>
    /// <param name="leaveOpen">Whether <paramref name="predictor"/> outlives this one instead of being disposed with it.</param>
    /// <exception cref="ArgumentException">The network does not take samples of the windows' size.</exception>
    public WindowedNoisePredictor(INoisePredictor predictor, WindowOptions options, bool leaveOpen = false)
        : base(predictor, leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Size % predictor.SizeMultiple != 0)
        {
            throw new ArgumentException($"Windows of {options.Size} do not fit the network: its samples have sides that are multiples of {predictor.SizeMultiple}.", nameof(options));
        }

        _options = options;
    }

    /// <inheritdoc/>
    public override IPredictionRun Start(PredictionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        int overlap = (int)Math.Round(_options.Size * _options.Overlap);
        var grid = new TileGrid(
            new TileAxis(plan.Shape.Height, _options.Size, overlap, _options.WrapsVertically),
            new TileAxis(plan.Shape.Width, _options.Size, overlap, _options.WrapsHorizontally),
            scale: 1);
        return grid.Count == 1 ? Inner.Start(plan) : WindowedRun.Start(Inner, plan, grid);
    }
}
