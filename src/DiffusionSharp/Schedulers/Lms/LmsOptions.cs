namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="LmsScheduler"/>.</summary>
public sealed record LmsOptions : SigmaOptions
{
    private const int MaximumOrder = 4;

    /// <summary>How many slopes a step combines, in [1, 4]; 4 by default. The first steps have fewer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [1, 4].</exception>
    public int Order
    {
        get;
        init
        {
            if (value is < 1 or > MaximumOrder)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, $"The order must be in [1, {MaximumOrder}].");
            }

            field = value;
        }
    } = MaximumOrder;
}
