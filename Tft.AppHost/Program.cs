System.Console.WriteLine("wiring follows");
