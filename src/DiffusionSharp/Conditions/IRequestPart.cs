namespace DiffusionSharp.Conditions;

/// <summary>A part of a request that one encoder, guidance or decoder reads and checks, so that requests need not grow with every system. An immutable record.</summary>
public interface IRequestPart
{
    /// <summary>The part for one picture of a batch, for parts that may have a row for each; itself for those that hold for all pictures.</summary>
    /// <param name="picture">Which picture.</param>
    /// <returns>The part.</returns>
    IRequestPart Of(int picture) => this;

    /// <summary>
    /// The condition for which the part is there: a pipeline none of whose encoders provides it (<see cref="IConditionEncoder.Provides"/>) refuses the request. Null, the
    /// default, for parts that may go unread.
    /// </summary>
    string? Condition => null;
}
