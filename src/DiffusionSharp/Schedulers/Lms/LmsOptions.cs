namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="LmsScheduler"/>.</summary>
public sealed record LmsOptions : SigmaOptions
{
    private const int MaximumOrder = 4;

    private readonly int _order = MaximumOrder;

    /// <summary>The default options.</summary>
    public LmsOptions()
    {
    }

    private LmsOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>How many slopes a step combines, in [1, 4]; 4 by default. The first steps have fewer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [1, 4].</exception>
    public int Order
    {
        get => _order;
        init
        {
            if (value is < 1 or > MaximumOrder)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, $"The order must be in [1, {MaximumOrder}].");
            }

            _order = value;
        }
    }

    /// <summary>The options that sample the same model with this scheduler: its noise schedule, prediction type and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for this scheduler; the same ones when they are for it already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static LmsOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as LmsOptions ?? new LmsOptions(model) { Clipping = SampleClipping.None };
    }
}
