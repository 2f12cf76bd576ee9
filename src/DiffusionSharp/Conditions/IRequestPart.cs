namespace DiffusionSharp.Conditions;

/// <summary>A part of a request that one encoder, guidance or decoder reads and checks, so that requests need not grow with every system. An immutable record.</summary>
public interface IRequestPart;
