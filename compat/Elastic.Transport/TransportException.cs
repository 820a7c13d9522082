namespace Elastic.Transport;

/// <summary>What is thrown, and not told in the answer: only what nobody expected, such as an error's text that is cut.</summary>
public class TransportException : Exception
{
    internal TransportException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

public class UnexpectedTransportException : TransportException
{
    internal UnexpectedTransportException(Exception killerException)
        : base(killerException.Message, killerException)
    {
    }
}
